import type { Words } from './words.ts';

export const en: Words<'one' | 'other'> = {
  language: 'en',
  locale: 'en',
  direction: 'ltr',
  title: 'Protection report',
  comma: ', ',

  verdictLabel: 'Verdict:',
  verdict: {
    failed: {
      head: 'Not protected',
      text: 'A file failed and nothing was written for it. Do not publish the original.',
    },
    'still-visible': {
      head: 'Do not publish yet',
      text: 'Something in the finished file still looks like a face. Go to the places below first.',
    },
    'nothing-found': {
      head: 'No face was found',
      text: 'That may be right, or a face was missed. Look at every part of it before you publish.',
    },
    look: {
      head: 'Look before you publish',
      text: 'What was found is covered. Some of it deserves your eyes first, the worst at the top.',
    },
    clear: {
      head: 'Every face found is covered',
      text: 'Nothing doubtful came up. No software finds every face: look at all of it once before you publish.',
    },
  },
  shortVerdict: {
    failed: 'failed, nothing written',
    'still-visible': 'do not publish yet',
    'nothing-found': 'no face found',
    look: 'look first',
    clear: 'nothing doubtful',
  },

  summary: {
    facesInPhoto: { one: '{n} face is covered.', other: '{n} faces are covered.' },
    facesInFilm: {
      one: '{n} appearance of a face is covered. One person may appear several times.',
      other: '{n} appearances of faces are covered. One person may appear several times.',
    },
    moments: { one: '{n} place to look at first.', other: '{n} places to look at first.' },
    remaining: {
      one: '{n} place in the finished file still looks like a face.',
      other: '{n} places in the finished file still look like faces.',
    },
    leftVisible: {
      one: '{n} face was left visible on purpose.',
      other: '{n} faces were left visible on purpose.',
    },
    doubtful: {
      one: '{n} covered place may be no face; it is covered to be safe.',
      other: '{n} covered places may be no faces; they are covered to be safe.',
    },
    drawn: { one: '{n} cover was drawn by hand.', other: '{n} covers were drawn by hand.' },
    every: (n) => `Faces were looked for in one frame of ${n}. Who was there only in between is not covered.`,
    soundKept: 'The sound was kept. A voice identifies a person.',
    filesDone: (done, total) => `${done} of ${total} files are protected.`,
    nameKept: 'File names were kept. A name can tell who, where and when.',
  },

  headings: {
    files: 'Files',
    look: 'What to look at',
    checklist: 'What only you can check',
    people: 'People',
    places: 'Places',
    beyond: 'Beyond the picture',
    details: 'Details',
    covered: 'Covered',
    removed: 'Removed with the original file',
    sound: 'Sound',
    check: 'Check of the finished file',
    notes: 'Also good to know',
    moreMoments: 'All other places',
    settings: 'Settings',
    tools: 'Tools',
  },

  file: {
    numbered: (n) => `File ${n}`,
    photo: 'Photo',
    video: 'Film',
    size: (width, height) => `${width} × ${height} pixels`,
    frames: { one: '{n} frame', other: '{n} frames' },
    failed: {
      usage: 'The request made no sense for this file.',
      unsupported: 'This kind of file is known, but cannot be protected yet.',
      unrecognised: 'This is no photo or film that Sayeh knows.',
      corrupt: 'The file is damaged or cut off.',
      'too-large': 'The file is larger than Sayeh accepts.',
      unreadable: 'The file could not be read.',
      unwritable: 'The new file could not be written.',
      exists: 'A file was already there under the new name.',
      model: 'A network that finds faces is missing or was altered. Install Sayeh again.',
      'check-failed': 'The new file did not pass its check and was removed.',
      aborted: 'The work was stopped before it was done.',
      internal: 'Something went wrong inside Sayeh.',
    },
    name: 'Name',
    noName: 'Not shown, since it was not made up by Sayeh. The fingerprint says which file it is.',
    fingerprint: 'Fingerprint (SHA-256)',
  },

  look: {
    howFilm:
      'Go to each time in the finished film, watch a few seconds around it and tick it off. If you see a face, do not publish.',
    howPhoto: 'Look at each place in the finished photo and tick it off. If you see a face, do not publish.',
    nothing: 'No place stands out. Look at all of it once.',
    reasons: {
      'ends-inside': 'a face is lost in mid-picture',
      'starts-inside': 'a face shows up in mid-picture',
      'fewer-faces': 'fewer faces than just before',
      'long-gap': 'a face was out of sight for a while; its cover is a guess there',
      'fast-motion': 'fast motion',
      'weak-evidence': 'hard to tell whether it is a face',
      dark: 'dark',
      other: 'another reason, given in the plan',
    },
    places: {
      'top-left': 'top left',
      top: 'top',
      'top-right': 'top right',
      left: 'left',
      centre: 'centre',
      right: 'right',
      'bottom-left': 'bottom left',
      bottom: 'bottom',
      'bottom-right': 'bottom right',
    },
    wholePicture: 'whole picture',
    severalPlaces: { one: '{n} place', other: '{n} places' },
    levels: { high: 'high risk', medium: 'medium risk', low: 'low risk' },
    span: (from, to) => `${from} to ${to}`,
    frame: (n) => `frame ${n}`,
    photoFrame: (n) => `picture ${n}`,
    lookedAt: (what) => `Looked at: ${what}`,
    more: {
      one: '{n} more, less risky place is listed under Details.',
      other: '{n} more, less risky places are listed under Details.',
    },
    timeline: 'Where faces are covered and what to look at, from the beginning of the film to its end',
    legendCovered: 'something is covered',
    legendRisk: 'look here',
  },

  checklist: {
    intro: 'Sayeh covers faces. It does not see the things below, and any of them can lead to a person.',
    items: {
      faces: {
        what: 'Faces that were missed',
        how: 'Tiny, turned away, behind glass, upside down, in the dark, on posters, or there for a few frames only.',
      },
      tattoos: {
        what: 'Tattoos, scars, jewellery, hair',
        how: 'They are not covered outside the face, and they are as good as a name.',
      },
      clothing: {
        what: 'Clothing and bags',
        how: 'Patterns, prints, badges, uniforms. The same jacket in another picture is enough.',
      },
      shoes: { what: 'Shoes', how: 'People change jackets at a protest. They rarely change shoes.' },
      company: {
        what: 'Who else was in the frame',
        how: 'One person who is known, or the way somebody walks, names the people beside them.',
      },
      plates: { what: 'Number plates', how: 'Also on parked cars, motorcycles and buses in the background.' },
      screens: { what: 'Screens and papers', how: 'Phones, chats, maps, tickets, posters with names.' },
      reflections: {
        what: 'Reflections',
        how: 'Windows, mirrors, glasses, helmets, puddles, car paint: faces, and whoever filmed.',
      },
      streetSigns: { what: 'Street signs and house numbers', how: 'They say where, exactly.' },
      shopFronts: {
        what: 'Shop fronts and advertising',
        how: 'A name or a logo is enough to find the street.',
      },
      landmarks: {
        what: 'Landmarks, skylines, shadows',
        how: 'A tower gives the place, a shadow the time of day.',
      },
      noise: {
        what: 'The camera itself',
        how: 'Sensor noise can tie two recordings to one camera. Other pictures from it that are online under a name give it away.',
      },
      account: {
        what: 'The account and the connection you upload with',
        how: 'They are known to the service, whatever the file holds.',
      },
      original: {
        what: 'The original',
        how: 'It is still on your disk or card. Deleting does not erase it; an encrypted disk helps.',
      },
    },
    voices: 'Voices and sounds',
    voice: {
      none: 'There was no sound.',
      dropped: 'The sound was removed.',
      kept: 'The sound was kept. Listen to all of it: voices, names called out, announcements, songs.',
      mixed:
        'Some files kept their sound. Listen to all of it: voices, names called out, announcements, songs.',
    },
    done: 'done',
  },

  details: {
    framesCovered: (covered, all) => `Something is covered in ${covered} of ${all} frames.`,
    spans: 'Covered from – to',
    moreSpans: { one: 'and {n} more stretch', other: 'and {n} more stretches' },
    nothingCovered: 'Nothing is covered.',
    removedIntro: 'The original told this beside its picture. None of it is in the new file.',
    removedNothing: 'The original told nothing beside its picture.',
    removedUnknown:
      'The original could not be searched for what it told. The new file holds none of it: it was written anew.',
    betrays: {
      who: 'Who',
      where: 'Where',
      when: 'When',
      device: 'With what device',
      edited: 'How it was made or edited',
      'other-pictures': 'Other pictures inside',
      sound: 'Sound',
      unknown: 'Content of an unknown kind',
    },
    things: { one: '{n} thing', other: '{n} things' },
    topics: {
      names: 'names and owners',
      'serial-numbers': 'serial and identity numbers',
      descriptions: 'titles and comments',
      position: 'position and direction',
      'place-names': 'place names',
      language: 'language',
      dates: 'dates and times',
      'time-zone': 'time zone',
      camera: 'camera and its settings',
      lens: 'lens',
      'maker-notes': 'the camera maker’s private notes',
      encoder: 'signature of the encoder',
      'colour-profile': 'colour profile',
      'original-name': 'the original file name',
      software: 'software',
      history: 'editing history',
      provenance: 'provenance manifest',
      thumbnails: 'thumbnails',
      previews: 'previews and further pictures',
      'motion-photo': 'a short film beside the photo',
      'depth-or-light-maps': 'maps of depth or light',
      'hidden-pictures': 'pictures that are not shown',
      chapters: 'chapters',
      'unused-bytes': 'bytes that no picture needs',
    },
    sound: {
      none: 'The original had no sound that goes with its picture.',
      dropped: 'The sound was removed. A voice identifies a person.',
      kept: 'The sound was kept, as asked. It was not changed: a voice, a name called out or a song can identify people.',
    },
    container:
      'The finished file was opened again. It holds the picture, the sound if it was kept, and nothing else.',
    notChecked: 'Nobody looked for faces in the finished file. Look at all of it.',
    examined: (networks, examined, frames) =>
      `${networks} looked for faces in ${examined} of ${frames} frames of the finished file.`,
    examinedPhoto: (networks) => `${networks} looked for faces in the finished photo.`,
    rounds: {
      one: 'It was written once.',
      other: 'It was written {n} times: what the check still saw was covered, and the file written again.',
    },
    recovered: {
      one: 'The check found {n} face that had been missed, and it was covered.',
      other: 'The check found {n} faces that had been missed, and they were covered.',
    },
    leaksClosed: {
      one: '{n} cover had ended too early and was made longer.',
      other: '{n} covers had ended too early and were made longer.',
    },
    remaining: {
      one: '{n} place still looks like a face.',
      other: '{n} places still look like faces.',
    },
    noneRemaining: 'It saw no open face.',
    notes: {
      'hdr-film': 'The film was HDR and is now SDR. Bright parts may look different.',
      'odd-size': 'The film has an odd size and is written in a form (4:4:4) that some players cannot show.',
      'streams-left-out': 'Tracks beside picture and sound, such as data or subtitles, were left out.',
      'pages-left-out': 'The original held several pictures. Some are left out.',
      'hdr-photo': 'The photo was HDR and is now SDR. It may look pale.',
      'wide-colours': 'The photo had a wider range of colours. It may look paler.',
      transparency: 'Transparent places are shown on white.',
      animation: 'The original was animated. Only its still picture was written.',
      'more-in-terminal': 'Sayeh said more about this file when it ran.',
    },
  },

  settings: {
    style: 'Covered places',
    styles: {
      blur: 'soft patch, filled from around it',
      pixelate: 'blocks, filled from around it',
      solid: 'plain',
    },
    cover: 'What is covered',
    covers: { head: 'whole head', face: 'face only' },
    audio: 'Sound',
    audios: { drop: 'removed', keep: 'kept' },
    sensitivity: 'Sensitivity',
    sensitivities: { normal: 'normal', high: 'high', max: 'highest' },
    detector: 'Network that finds faces',
    every: 'Frames looked at',
    everyAsNeeded: 'as many as the film needs',
    everyNth: (n) => `one of ${n}`,
    codec: 'Films coded as',
    names: 'File names',
    namesAre: { neutral: 'made up', kept: 'kept from the originals', chosen: 'chosen by hand' },
  },

  tools: {
    version: (version) => `Sayeh ${version}, on this machine, without a network connection.`,
    networks: 'The networks that looked at these files, with the SHA-256 of their weights:',
    name: 'Network',
    hash: 'SHA-256',
  },

  footer: {
    betraysNothing:
      'This report holds no picture, no original file name, no place, nothing about the machine, and no value of what was removed.',
    keepIt:
      'It says where a face may have been missed. Share it with those who decide on publishing, not with the public.',
    date: (date) => `Made on ${date} (UTC).`,
  },
};
