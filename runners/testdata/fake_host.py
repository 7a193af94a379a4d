# A host program for tests of the C++ side: what it does with a case is in the case's id.
#   exit N | crash | hang | leave (answers and exits) | noise (prints around its answer)
#   bad-answer | quit N (exits without an answer) | victim (dies only after a case "poison" ran here)
import json, os, signal, struct, sys, time

out = sys.stdout.buffer


def send(header, data=b''):
    text = json.dumps({**header, 'bytes': len(data)}).encode()
    out.write(b'WEFT' + struct.pack('<I', len(text)) + text + data)
    out.flush()


def read(size):
    data = sys.stdin.buffer.read(size)
    if len(data) < size:
        sys.exit(0)
    return data


poisoned = False
send({'hello': 'fake', 'protocol': int(os.environ.get('FAKE_PROTOCOL', '1')), 'largest_batch': 8,
      'features': ['threads']})
while True:
    assert read(4) == b'WEFT'
    header = json.loads(read(struct.unpack('<I', read(4))[0]))
    read(header['bytes'])
    for index, case in enumerate(header['cases']):
        what = case['id'].split()
        answer = {'answer': index, 'stage': 'run', 'status': 'exit', 'code': 0, 'last': False,
                  'out': 0, 'err': 0}
        if what[0] == 'poison':
            poisoned = True
        if what[0] == 'crash' or (what[0] == 'victim' and poisoned):
            os.kill(os.getpid(), signal.SIGSEGV)
        if what[0] == 'hang':
            time.sleep(3600)
        if what[0] == 'quit':
            os._exit(int(what[1]))
        if what[0] == 'noise':
            out.write(b'before WEFT\xff\xff\xff\xff ')
        if what[0] == 'bad-answer':
            send({'answer': index, 'stage': 7, 'status': [], 'last': False})
            continue
        if what[0] == 'exit':
            answer['code'] = int(what[1])
        if what[0] == 'leave':
            answer['last'] = True
        text = ('pid %d' % os.getpid()).encode()
        answer['out'] = len(text)
        send(answer, text)
        if what[0] == 'noise':
            out.write(b'WEFT after')
            out.flush()
        if what[0] == 'leave':
            os._exit(0)
