// Resolves a guest's path below a directory of the host: component by component, symbolic links by
// hand, so that nothing leads out of the directory. Knows no descriptors.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

class Refused extends Error {
  // `code`: a name of errno.json in capitals with an E in front, like a system error's.
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const LINK_LIMIT = 40;

// The path on the host. `root` is the real path of the directory; with `follow` a symbolic link at
// the end is resolved too. The last component need not exist.
function resolve(root, guest_path, follow) {
  if (guest_path === '') throw new Refused('ENOENT');
  if (guest_path.includes('\0')) throw new Refused('EINVAL');
  if (guest_path.startsWith('/')) throw new Refused('EPERM');
  const todo = guest_path.split('/').filter((part) => part !== '' && part !== '.').reverse();
  const done = [];
  let links = 0;
  while (todo.length > 0) {
    const part = todo.pop();
    if (part === '..') {
      if (done.length === 0) throw new Refused('EPERM');
      done.pop();
      continue;
    }
    const here = path.join(root, ...done, part);
    const stat = fs.lstatSync(here, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink() && (todo.length > 0 || follow)) {
      if (++links > LINK_LIMIT) throw new Refused('ELOOP');
      const target = fs.readlinkSync(here);
      if (target.startsWith('/')) throw new Refused('EPERM');
      todo.push(...target.split('/').filter((one) => one !== '' && one !== '.').reverse());
      continue;
    }
    if (todo.length > 0 && !stat) throw new Refused('ENOENT');
    if (todo.length > 0 && !stat.isDirectory() && !stat.isSymbolicLink()) throw new Refused('ENOTDIR');
    done.push(part);
  }
  return path.join(root, ...done);
}

module.exports = { resolve, Refused };
