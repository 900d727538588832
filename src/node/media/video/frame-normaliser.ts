import { SayehError } from '../../../core/errors.ts';
import { av, check, constants, isEnd, wantsMore } from './ffmpeg.ts';
import type { Orientation } from './orientation.ts';

/**
 * Turns decoded frames into what the rest of Sayeh works on: upright, 8 bits, SDR, planar Y'CbCr, one size
 * throughout. Frames that are so already pass untouched.
 */
export class FrameNormaliser {
  readonly #orientation: Orientation;
  readonly #timeBase: string;
  #size: { width: number; height: number } | undefined;
  #graph: Graph | undefined;

  constructor(orientation: Orientation, timeBase: { num: number; den: number }) {
    this.#orientation = orientation;
    this.#timeBase = `${timeBase.num}/${timeBase.den}`;
  }

  /** The answer is `frame` itself or a new frame that the caller frees. */
  async normalise(frame: av.Frame): Promise<av.Frame> {
    const { swapsSides } = this.#orientation;
    this.#size ??= swapsSides
      ? { width: frame.height, height: frame.width }
      : { width: frame.width, height: frame.height };
    const { width, height } = this.#size;
    const format = targetFormat(frame, width, height);

    const upright = this.#orientation.filters.length === 0;
    if (
      upright &&
      frame.format === format &&
      !isHdr(frame) &&
      frame.width === width &&
      frame.height === height
    ) {
      return frame;
    }
    const key = [
      frame.width,
      frame.height,
      frame.format,
      frame.colorTrc,
      frame.colorSpace,
      frame.colorRange,
    ].join();
    if (this.#graph?.key !== key) {
      this.#graph?.graph.free();
      this.#graph = await this.#build(frame, key, width, height, format);
    }
    return this.#graph.run(frame);
  }

  close(): void {
    this.#graph?.graph.free();
    this.#graph = undefined;
  }

  async #build(frame: av.Frame, key: string, width: number, height: number, format: number): Promise<Graph> {
    const chain = [...this.#orientation.filters];
    const turned = this.#orientation.swapsSides ? [frame.height, frame.width] : [frame.width, frame.height];
    // A stream may change size midway; the film keeps the size it began with.
    if (turned[0] !== width || turned[1] !== height)
      chain.push({ name: 'scale', args: `w=${width}:h=${height}` });
    if (isHdr(frame)) {
      chain.push({
        name: 'tonemapx',
        args: 'tonemap=bt2390:desat=0:p=bt709:t=bt709:m=bt709:r=tv:format=yuv420p',
      });
    }
    chain.push({ name: 'format', args: `pix_fmts=${av.avGetPixFmtName(format as never)}` });
    return Graph.build(frame, key, this.#timeBase, chain);
  }
}

/** PQ and HLG transfer functions (ITU-R BT.2100). */
export function isHdr(picture: { colorTrc: number }): boolean {
  return (
    picture.colorTrc === constants.AVCOL_TRC_SMPTE2084 ||
    picture.colorTrc === constants.AVCOL_TRC_ARIB_STD_B67
  );
}

/**
 * 4:2:0 for every player's sake; but 4:2:0 coded by H.264 and HEVC has even sides only, so an odd-sided film
 * keeps its size by going to 4:4:4. Full range stays full range.
 */
function targetFormat(frame: av.Frame, width: number, height: number): number {
  const odd = width % 2 === 1 || height % 2 === 1;
  if (!isHdr(frame) && isFullRange(frame))
    return odd ? constants.AV_PIX_FMT_YUVJ444P : constants.AV_PIX_FMT_YUVJ420P;
  return odd ? constants.AV_PIX_FMT_YUV444P : constants.AV_PIX_FMT_YUV420P;
}

const J_FORMATS: ReadonlySet<number> = new Set([
  constants.AV_PIX_FMT_YUVJ420P,
  constants.AV_PIX_FMT_YUVJ422P,
  constants.AV_PIX_FMT_YUVJ444P,
]);

export function isFullRange(frame: av.Frame): boolean {
  return frame.colorRange === constants.AVCOL_RANGE_JPEG || J_FORMATS.has(frame.format);
}

class Graph {
  readonly key: string;
  readonly graph: av.FilterGraph;
  readonly #source: av.FilterContext;
  readonly #sink: av.FilterContext;

  private constructor(key: string, graph: av.FilterGraph, source: av.FilterContext, sink: av.FilterContext) {
    this.key = key;
    this.graph = graph;
    this.#source = source;
    this.#sink = sink;
  }

  static async build(
    frame: av.Frame,
    key: string,
    timeBase: string,
    chain: readonly { name: string; args: string }[],
  ): Promise<Graph> {
    const graph = new av.FilterGraph();
    graph.alloc();
    const create = (name: string, args: string) => {
      const filter = av.Filter.getByName(name);
      const context = filter && graph.createFilter(filter, `${name}${graph.nbFilters}`, args || null);
      if (!context)
        throw new SayehError('internal', `this build of FFmpeg has no usable filter ${name} (${args})`);
      return context;
    };
    const { num, den } = frame.sampleAspectRatio;
    const aspect = num > 0 && den > 0 ? `${num}/${den}` : '0/1';
    const source = create(
      'buffer',
      `video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}:time_base=${timeBase}` +
        `:pixel_aspect=${aspect}:colorspace=${frame.colorSpace}:range=${frame.colorRange}`,
    );
    let last = source;
    for (const { name, args } of chain) {
      const next = create(name, args);
      check(last.link(0, next, 0), `connecting ${name}`, 'internal');
      last = next;
    }
    const sink = create('buffersink', '');
    check(last.link(0, sink, 0), 'connecting the last filter', 'internal');
    check(await graph.config(), 'setting up the picture filters', 'unsupported');
    return new Graph(key, graph, source, sink);
  }

  async run(frame: av.Frame): Promise<av.Frame> {
    check(
      await this.#source.buffersrcAddFrame(frame, constants.AV_BUFFERSRC_FLAG_KEEP_REF),
      'filtering a frame',
    );
    const out = new av.Frame();
    out.alloc();
    const code = await this.#sink.buffersinkGetFrame(out);
    if (wantsMore(code) || isEnd(code))
      throw new SayehError('internal', 'a picture filter swallowed a frame');
    check(code, 'filtering a frame');
    return out;
  }
}
