/** Where a box of an MP4 or MOV begins and ends, and the boxes it lies in, outermost first. */
interface Found {
  readonly start: number;
  readonly end: number;
  readonly parents: readonly number[];
}

/** Finds the first box along a path of types, such as `moov trak mdia`; throws where there is none. */
export function findBox(file: Buffer, path: string): Found {
  let [from, to] = [0, file.length];
  const parents: number[] = [];
  let found: Found | undefined;
  for (const type of path.split(' ')) {
    found = undefined;
    for (let at = from; at + 8 <= to && !found; at += file.readUInt32BE(at)) {
      const end = at + file.readUInt32BE(at);
      if (file.toString('latin1', at + 4, at + 8) === type) found = { start: at, end, parents: [...parents] };
    }
    if (!found) throw new Error(`there is no ${type} of ${path}`);
    parents.push(found.start);
    [from, to] = [found.start + 8, found.end];
  }
  return found as Found;
}

/**
 * Puts another box in the place of one, and sets the sizes of those around it. Sample offsets are not: what is
 * replaced must lie behind the media.
 */
export function replaceBox(file: Buffer, path: string, box: Buffer): Buffer {
  const { start, end, parents } = findBox(file, path);
  const changed = Buffer.concat([file.subarray(0, start), box, file.subarray(end)]);
  for (const parent of parents)
    changed.writeUInt32BE(file.readUInt32BE(parent) + box.length - (end - start), parent);
  return changed;
}

/** A box of the given type and content. */
export function box(type: string, ...content: readonly (Buffer | number[])[]): Buffer {
  const body = Buffer.concat(content.map((piece) => Buffer.from(piece)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
