# ruff: noqa: E501 (tables are easier to read with one case in a line)
"""What learners bring along from Python's own multiprocessing, other libraries and other languages."""

import ast
import builtins
import multiprocessing
import re
from multiprocessing import shared_memory

import pytest
import scripting

from game.catalogues import catalogue
from game.channels.barrier import Barrier
from game.channels.condition import Condition
from game.channels.event import Event
from game.channels.joinable_queue import JoinableQueue
from game.channels.rlock import RLock
from game.channels.semaphore import BoundedSemaphore, Semaphore
from game.channels.shared_memory import SharedMemory
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.language import translate
from game.problems import Place, ProblemsFound
from game.request import Handle
from game.script.elsewhere import REAL, in_other_languages
from game.script.refusals import CALLS
from game.script.values import BUILTINS

OTHERS = {
    "chute": SimpleQueue(),
    "book": JoinableQueue(),
    "rkey": RLock(),
    "tags": Semaphore(),
    "btags": BoundedSemaphore(),
    "flag": Event(),
    "bench": Condition(),
    "ferry": Barrier(),
    "wall": SharedMemory(),
    "raw": SharedValue(lock=False),
}
HANDED = {name: Handle(name) for name in ("belt", "tally", "cards", "key", *OTHERS)}
HANDED |= {
    "r": Handle("tube", "r"),
    "w": Handle("tube", "w"),
    "bob": Handle("@bob"),
    "n": None,
    "things": None,
}
PLACE = Place("levels/own.yaml", 10, 7)


@pytest.fixture(autouse=True)
def one_of_everything(monkeypatch):
    monkeypatch.setattr(scripting, "CHANNELS", {**scripting.CHANNELS, **OTHERS})


def told(body):
    """Every problem of these lines, as whoever runs `check` reads them."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    try:
        scripting.compiled(f"def f({', '.join(HANDED)}):\n{lines}", PLACE, **HANDED)
    except ProblemsFound as found:
        return str(found).split("\n")
    return []


def here(line_and_sentence):
    """The same place in the level's file, where the script begins in line 10, column 7."""
    place, sentence = line_and_sentence.split(" ", 1)
    line, column = place.split(":")
    return f"levels/own.yaml:{int(line) + 9}:{int(column) + 6}: scripts.f: {sentence}"


TYPED = [
    ("belt.close()", "2:5 belt is a multiprocessing.Queue, but its 'close' is not used here; a process ends by itself, once its out-tray is empty; to say that no more comes, put(None)"),
    ("belt.join_thread()", "2:5 belt is a multiprocessing.Queue, but its 'join_thread' is not used here; a process ends by itself, once its out-tray is empty: leave this line out"),
    ("belt.cancel_join_thread()", "2:5 belt is a multiprocessing.Queue, but its 'cancel_join_thread' is not used here; a process ends once what lies in its out-tray is carried: see to it that somebody gets it"),
    ("belt.push(1)", "2:5 belt is a multiprocessing.Queue; it has no 'push'; did you mean 'put'?"),
    ("belt.enqueue(1)", "2:5 belt is a multiprocessing.Queue; it has no 'enqueue'; did you mean 'put'?"),
    ("belt.append(1)", "2:5 belt is a multiprocessing.Queue; it has no 'append'; did you mean 'put'?"),
    ("belt.add(1)", "2:5 belt is a multiprocessing.Queue; it has no 'add'; did you mean 'put'?"),
    ("belt.send(1)", "2:5 belt is a multiprocessing.Queue; it has no 'send'; did you mean 'put'?"),
    ("belt.write(1)", "2:5 belt is a multiprocessing.Queue; it has no 'write'; did you mean 'put'?"),
    ("n = belt.pop()", "2:9 belt is a multiprocessing.Queue; it has no 'pop'; did you mean 'get'?"),
    ("n = belt.recv()", "2:9 belt is a multiprocessing.Queue; it has no 'recv'; did you mean 'get'?"),
    ("n = belt.dequeue()", "2:9 belt is a multiprocessing.Queue; it has no 'dequeue'; did you mean 'get'?"),
    ("n = belt.read()", "2:9 belt is a multiprocessing.Queue; it has no 'read'; did you mean 'get'?"),
    ("n = belt.take()", "2:9 belt is a multiprocessing.Queue; it has no 'take'; did you mean 'get'?"),
    ("n = belt.peek()", "2:9 belt is a multiprocessing.Queue; it has no 'peek'; it has put, get, put_nowait, get_nowait, empty, full, qsize"),
    ("n = belt.size()", "2:9 belt is a multiprocessing.Queue; it has no 'size'; did you mean 'qsize'?"),
    ("n = belt.isEmpty()", "2:9 belt is a multiprocessing.Queue; it has no 'isEmpty'; did you mean 'empty'?"),
    ("n = belt.is_empty()", "2:9 belt is a multiprocessing.Queue; it has no 'is_empty'; did you mean 'empty'?"),
    ("n = belt.empty", "2:9 empty must be called: belt.empty()"),
    ("n = len(belt)", "2:13 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("for x in belt: pass", "2:14 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("n = belt.maxsize", "2:9 belt is a multiprocessing.Queue; it has no 'maxsize'; did you mean 'full'?"),
    ("belt.task_done()", "2:5 belt is a multiprocessing.Queue; it has no 'task_done'; only a multiprocessing.JoinableQueue counts receipts"),
    ("belt.shutdown()", "2:5 belt is a multiprocessing.Queue; it has no 'shutdown'; to say that no more comes, put(None)"),
    ("belt.join()", "2:5 belt is a multiprocessing.Queue; it has no 'join'; only a multiprocessing.JoinableQueue has it; wait for a process: bob.join()"),
    ("n = belt[0]", "2:9 belt is a multiprocessing.Queue; it has no cells"),
    ("n = belt + 1", "2:9 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("if belt: pass", "2:8 belt is a multiprocessing.Queue, and always true; ask: belt.empty()"),
    ("while not belt: pass", "2:15 belt is a multiprocessing.Queue, and always true; ask: belt.empty()"),
    ("n = belt == 1", "2:9 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("n = 1 in belt", "2:14 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("chute.join_thread()", "2:5 chute is a multiprocessing.SimpleQueue; it has no 'join_thread'; it has no out-tray: what was put is there"),
    ("chute.task_done()", "2:5 chute is a multiprocessing.SimpleQueue; it has no 'task_done'; only a multiprocessing.JoinableQueue counts receipts"),
    ("chute.close()", "2:5 chute is a multiprocessing.SimpleQueue, but its 'close' is not used here; a chute goes by itself when nobody is left to use it"),
    ("chute.put(1, timeout=1)", "2:18 put() has no argument 'timeout'; it is put(item)"),
    ("n = chute.get(False)", "2:19 get() takes no arguments, not 1"),
    ("n = chute.get_nowait()", "2:9 chute is a multiprocessing.SimpleQueue; it has no 'get_nowait'; it has put, get, empty"),
    ("n = chute.qsize()", "2:9 chute is a multiprocessing.SimpleQueue; it has no 'qsize'; it has put, get, empty"),
    ("n = chute.full()", "2:9 chute is a multiprocessing.SimpleQueue; it has no 'full'; it has put, get, empty"),
    ("chute.put_nowait(1)", "2:5 chute is a multiprocessing.SimpleQueue; it has no 'put_nowait'; it has put, get, empty"),
    ("n = r.fileno()", "2:9 r is a multiprocessing.connection.Connection, but its 'fileno' is not used here; poll() and wait([…]) say whether there is something to read"),
    ("n = r.recv_bytes()", "2:9 r is a multiprocessing.connection.Connection, but its 'recv_bytes' is not used here; send() and recv() take whole values, without turning them into bytes"),
    ("n = r.recv_bytes_into(n)", "2:9 r is a multiprocessing.connection.Connection, but its 'recv_bytes_into' is not used here; send() and recv() take whole values, without turning them into bytes"),
    ("w.send_bytes(n)", "2:5 w is a multiprocessing.connection.Connection, but its 'send_bytes' is not used here; send() and recv() take whole values, without turning them into bytes"),
    ("n = r.readable", "2:9 r is a multiprocessing.connection.Connection, but its 'readable' is not used here; which end sends and which receives is known beforehand"),
    ("n = r.writable", "2:9 r is a multiprocessing.connection.Connection, but its 'writable' is not used here; which end sends and which receives is known beforehand"),
    ("n = r.read()", "2:9 r is a multiprocessing.connection.Connection; it has no 'read'; did you mean 'recv'?"),
    ("n = r.get()", "2:9 r is a multiprocessing.connection.Connection; it has no 'get'; did you mean 'recv'?"),
    ("w.write(1)", "2:5 w is a multiprocessing.connection.Connection; it has no 'write'; did you mean 'send'?"),
    ("w.put(1)", "2:5 w is a multiprocessing.connection.Connection; it has no 'put'; did you mean 'send'?"),
    ("w.flush()", "2:5 w is a multiprocessing.connection.Connection; it has no 'flush'; it has send, close, closed"),
    ("r.send(1)", "2:5 r is a multiprocessing.connection.Connection; it has no 'send'; only the end w of a one-way tube sends"),
    ("n = w.recv()", "2:9 w is a multiprocessing.connection.Connection; it has no 'recv'; only the end r of a one-way tube receives"),
    ("n = w.poll()", "2:9 w is a multiprocessing.connection.Connection; it has no 'poll'; only the end r of a one-way tube receives"),
    ("n = tally.get_obj()", "2:9 tally is a multiprocessing.Value, but its 'get_obj' is not used here; what is behind the lock is read and written as before: tally.value"),
    ("tally = 3", "2:5 tally is a multiprocessing.Value, and this would only call something else tally; write: tally.value = …"),
    ("tally.value++", "2:18 Python cannot read this: invalid syntax; write: n += 1"),
    ("n = tally.get()", "2:9 tally is a multiprocessing.Value; it has no 'get'; did you mean 'value'?"),
    ("tally.set(3)", "2:5 tally is a multiprocessing.Value; it has no 'set'; did you mean 'value'?"),
    ("tally.val += 1", "2:5 tally is a multiprocessing.Value; it has no 'val'; did you mean 'value'?"),
    ("tally.Value = 3", "2:5 tally is a multiprocessing.Value; it has no 'Value'; did you mean 'value'?"),
    ("tally.lock()", "2:5 tally is a multiprocessing.Value; it has no 'lock'; did you mean 'get_lock'?"),
    ("with tally.lock: pass", "2:10 tally is a multiprocessing.Value; it has no 'lock'; did you mean 'get_lock'?"),
    ("with tally.get_lock: pass", "2:10 get_lock must be called: tally.get_lock()"),
    ("raw.get_lock()", "2:5 raw is a multiprocessing.RawValue; it has no 'get_lock'; it has value"),
    ("with raw.get_lock(): pass", "2:10 raw is a multiprocessing.RawValue; it has no 'get_lock'; it has value"),
    ("n = cards.value", "2:9 cards is a multiprocessing.Array; it has no 'value'; it has get_lock, acquire, release"),
    ("for c in cards: pass", "2:14 cards is a multiprocessing.Array, not a value; read it cell by cell: cards[0]"),
    ("n = cards[:]", "2:9 cards is a multiprocessing.Array; it is read and written cell by cell here: cards[0]"),
    ("cards[0:2] = [1, 2]", "2:5 several items are not assigned at once here; assign item by item"),
    ("cards.append(1)", "2:5 cards is a multiprocessing.Array; it has no 'append'; it has get_lock, acquire, release"),
    ("n = cards.get_obj()", "2:9 cards is a multiprocessing.Array, but its 'get_obj' is not used here; what is behind the lock is read and written as before: cards[0]"),
    ("n = list(cards)", "2:14 cards is a multiprocessing.Array, not a value; read it cell by cell: cards[0]"),
    ("n = sum(cards)", "2:13 cards is a multiprocessing.Array, not a value; read it cell by cell: cards[0]"),
    ("n = tags.get_value()", "2:9 tags is a multiprocessing.Semaphore, but its 'get_value' is not used here; acquire(block=False) tries it, and says whether that worked"),
    ("n = tags.value", "2:9 tags is a multiprocessing.Semaphore; it has no 'value'; it has acquire, release"),
    ("tags.wait()", "2:5 tags is a multiprocessing.Semaphore; it has no 'wait'; did you mean 'acquire'?"),
    ("tags.signal()", "2:5 tags is a multiprocessing.Semaphore; it has no 'signal'; did you mean 'release'?"),
    ("tags.release(2)", "2:18 release() takes no arguments, not 1"),
    ("tags.post()", "2:5 tags is a multiprocessing.Semaphore; it has no 'post'; did you mean 'release'?"),
    ("tags.down()", "2:5 tags is a multiprocessing.Semaphore; it has no 'down'; did you mean 'acquire'?"),
    ("tags.P()", "2:5 tags is a multiprocessing.Semaphore; it has no 'P'; did you mean 'acquire'?"),
    ("n = key.locked()", "2:9 key is a multiprocessing.Lock, but its 'locked' is not used here; acquire(block=False) tries it, and says whether that worked"),
    ("key.lock()", "2:5 key is a multiprocessing.Lock; it has no 'lock'; did you mean 'acquire'?"),
    ("key.unlock()", "2:5 key is a multiprocessing.Lock; it has no 'unlock'; did you mean 'release'?"),
    ("key.wait()", "2:5 key is a multiprocessing.Lock; it has no 'wait'; did you mean 'acquire'?"),
    ("key.acquire(blocking=False)", "2:17 acquire() has no argument 'blocking'; did you mean 'block'?"),
    ("key.acquire_lock()", "2:5 key is a multiprocessing.Lock; it has no 'acquire_lock'; did you mean 'acquire'?"),
    ("key.enter()", "2:5 key is a multiprocessing.Lock; it has no 'enter'; did you mean 'acquire'?"),
    ("key.__enter__()", "2:5 names that begin with '_' are not used here"),
    ("n = key.owner", "2:9 key is a multiprocessing.Lock; it has no 'owner'; it has acquire, release"),
    ("n = rkey.locked()", "2:9 rkey is a multiprocessing.RLock, but its 'locked' is not used here; acquire(block=False) tries it, and says whether that worked"),
    ("n = bob.name", "2:9 bob is a multiprocessing.Process, but its 'name' is not used here; a process is called here what its parameter is called"),
    ("n = bob.pid", "2:9 bob is a multiprocessing.Process, but its 'pid' is not used here; such a number differs from run to run"),
    ("n = bob.ident", "2:9 bob is a multiprocessing.Process, but its 'ident' is not used here; such a number differs from run to run"),
    ("n = bob.daemon", "2:9 bob is a multiprocessing.Process, but its 'daemon' is not used here; the level says who is a daemon"),
    ("bob.daemon = True", "2:5 bob is a multiprocessing.Process, but its 'daemon' is not used here; the level says who is a daemon"),
    ('bob.name = "b"', "2:5 bob is a multiprocessing.Process, but its 'name' is not used here; a process is called here what its parameter is called"),
    ("bob.close()", "2:5 bob is a multiprocessing.Process, but its 'close' is not used here; the office puts away who has ended"),
    ("bob.run()", "2:5 bob is a multiprocessing.Process, but its 'run' is not used here; start() runs it, in a process of its own"),
    ("n = bob.authkey", "2:9 bob is a multiprocessing.Process, but its 'authkey' is not used here; that is up to the office"),
    ("n = bob.is_alive", "2:9 is_alive must be called: bob.is_alive()"),
    ("n = bob.isAlive()", "2:9 bob is a multiprocessing.Process; it has no 'isAlive'; did you mean 'is_alive'?"),
    ("n = bob.exit_code", "2:9 bob is a multiprocessing.Process; it has no 'exit_code'; did you mean 'exitcode'?"),
    ("n = bob.exitcode()", "2:9 exitcode is not called: bob.exitcode"),
    ("bob.stop()", "2:5 bob is a multiprocessing.Process; it has no 'stop'; did you mean 'terminate'?"),
    ("bob.exitcode = 1", "2:5 bob.exitcode can only be read"),
    ("bob.interrupt()", "2:5 bob is a multiprocessing.Process, but its 'interrupt' is not used here; terminate() ends a process"),
    ("bob.wait()", "2:5 bob is a multiprocessing.Process; it has no 'wait'; did you mean 'join'?"),
    ("flag.notify()", "2:5 flag is a multiprocessing.Event; it has no 'notify'; did you mean 'set'?"),
    ("flag.signal()", "2:5 flag is a multiprocessing.Event; it has no 'signal'; did you mean 'set'?"),
    ("n = flag.isSet()", "2:9 flag is a multiprocessing.Event; it has no 'isSet'; did you mean 'is_set'?"),
    ("n = flag.is_set", "2:9 is_set must be called: flag.is_set()"),
    ("flag.trigger()", "2:5 flag is a multiprocessing.Event; it has no 'trigger'; did you mean 'set'?"),
    ("flag.unset()", "2:5 flag is a multiprocessing.Event; it has no 'unset'; did you mean 'clear'?"),
    ("flag.reset()", "2:5 flag is a multiprocessing.Event; it has no 'reset'; did you mean 'clear'?"),
    ("n = flag.value", "2:9 flag is a multiprocessing.Event; it has no 'value'; did you mean 'is_set'?"),
    ("with flag: pass", "2:10 flag is a multiprocessing.Event; 'with' needs a lock, or something that has one"),
    ("bench.notifyAll()", "2:5 bench is a multiprocessing.Condition; it has no 'notifyAll'; did you mean 'notify_all'?"),
    ("bench.signal()", "2:5 bench is a multiprocessing.Condition; it has no 'signal'; did you mean 'notify'?"),
    ("bench.broadcast()", "2:5 bench is a multiprocessing.Condition; it has no 'broadcast'; did you mean 'notify_all'?"),
    ("bench.sleep()", "2:5 bench is a multiprocessing.Condition; it has no 'sleep'; did you mean 'wait'?"),
    ("bench.notify_n(2)", "2:5 bench is a multiprocessing.Condition; it has no 'notify_n'; did you mean 'notify'?"),
    ("ferry.join()", "2:5 ferry is a multiprocessing.Barrier; it has no 'join'; did you mean 'wait'?"),
    ("n = ferry.parties()", "2:9 parties is not called: ferry.parties"),
    ("n = ferry.n_waiting()", "2:9 n_waiting is not called: ferry.n_waiting"),
    ("ferry.acquire()", "2:5 ferry is a multiprocessing.Barrier; it has no 'acquire'; did you mean 'wait'?"),
    ("ferry.arrive()", "2:5 ferry is a multiprocessing.Barrier; it has no 'arrive'; did you mean 'wait'?"),
    ("wall.write(1)", "2:5 wall is a multiprocessing.shared_memory.SharedMemory; it has no 'write'; did you mean 'buf'?"),
    ("n = wall.name", "2:9 wall is a multiprocessing.shared_memory.SharedMemory, but its 'name' is not used here; who is handed a wall needs no name to find it"),
    ("n = wall.size", "2:9 wall is a multiprocessing.shared_memory.SharedMemory, but its 'size' is not used here; the level says how many cells there are"),
    ("n = wall[0]", "2:9 wall is a multiprocessing.shared_memory.SharedMemory; it has no cells"),
    ("wall.buf[0:2] = n", "2:5 several items are not assigned at once here; assign item by item"),
    ("n = wall.buf[:]", "2:9 wall.buf is a memoryview; it is read and written cell by cell here: wall.buf[0]"),
    ("n = len(wall.buf)", "2:13 wall.buf is a memoryview, not a value; read it cell by cell: wall.buf[0]"),
    ("n = bytes(wall.buf)", "2:9 bytes() is not used here; use text, or a list of numbers"),
    ("n = wall.buf.tobytes()", "2:9 wall.buf is a memoryview, but its 'tobytes' is not used here; read and write it cell by cell"),
    ("n = wall.buf.release()", "2:9 wall.buf is a memoryview, but its 'release' is not used here; read and write it cell by cell"),
    ("book.done()", "2:5 book is a multiprocessing.JoinableQueue; it has no 'done'; did you mean 'task_done'?"),
    ("n = book.unfinished_tasks", "2:9 book is a multiprocessing.JoinableQueue; it has no 'unfinished_tasks'; did you mean 'qsize'?"),
    ("m = Manager()", "2:9 Manager is not made here: clerks are handed what they share as parameters"),
    ("m = Pool(4)", "2:9 Pool is not made here: clerks are handed what they share as parameters"),
    ("p = Process(target=g, args=(belt,))", "2:9 Process is not made here: clerks are handed what they share as parameters"),
    ("a, b = Pipe()", "2:12 Pipe is not made here: clerks are handed what they share as parameters"),
    ('v = Value("i", 0)', "2:9 Value is not made here: clerks are handed what they share as parameters"),
    ("l = Lock()", "2:9 Lock is not made here: clerks are handed what they share as parameters"),
    ("q = Queue(3)", "2:9 Queue is not made here: clerks are handed what they share as parameters"),
    ("q = mp.Queue()", "2:9 there is no module 'mp' here; clerks are handed what they share as parameters"),
    ("q = multiprocessing.Manager().list()", "2:9 there is no module 'multiprocessing' here; clerks are handed what they share as parameters"),
    ("t = Thread(target=g)", "2:9 Thread() is not used here; clerks are processes already, and the level says which there are"),
    ("e = ProcessPoolExecutor()", "2:9 ProcessPoolExecutor() is not used here; clerks are processes already, and the level says which there are"),
    ("n = current_process().name", "2:9 current_process() is not used here; a clerk that needs a name is handed one"),
    ("n = current_process()", "2:9 current_process() is not used here; a clerk that needs a name is handed one"),
    ("n = multiprocessing.current_process().pid", "2:9 there is no module 'multiprocessing' here; clerks are handed what they share as parameters"),
    ("n = active_children()", "2:9 active_children() is not used here; ask a process you are handed: bob.is_alive()"),
    ("n = cpu_count()", "2:9 cpu_count() is not used here; clerks are processes already, and the level says which there are"),
    ('set_start_method("spawn")', "2:5 set_start_method() is not used here; the office sees to that"),
    ("freeze_support()", "2:5 freeze_support() is not used here; the office sees to that"),
    ("n = getpid()", "2:9 getpid() is not used here; such a number differs from run to run"),
    ("n = os.getpid()", "2:9 there is no module 'os' here; a clerk has only what it is handed as parameters"),
    ("os.fork()", "2:5 there is no module 'os' here; a clerk has only what it is handed as parameters"),
    ("os.kill(n, 9)", "2:5 there is no module 'os' here; a clerk has only what it is handed as parameters"),
    ("sys.exit()", "2:5 there is no module 'sys' here; a clerk has only what it is handed as parameters"),
    ("exit()", "2:5 exit() is not used here; a clerk goes home at the end of its def, or with return"),
    ("quit()", "2:5 quit() is not used here; a clerk goes home at the end of its def, or with return"),
    ("exit(1)", "2:5 exit() is not used here; a clerk goes home at the end of its def, or with return"),
    ("sleep(0.1)", "2:5 sleep() is not used here; work(n) keeps a clerk busy, and waiting is what channels are for"),
    ("n = time.time()", "2:9 there is no module 'time' here; work(n) keeps a clerk busy, and waiting is what channels are for"),
    ("n = random.random()", "2:9 there is no module 'random' here; the wind is random enough"),
    ("n = randint(1, 2)", "2:9 randint() is not used here; the wind is random enough"),
    ("signal.signal(1, n)", "2:5 there is no module 'signal' here; terminate() and kill() send a signal"),
    ("n = ctypes.c_int(3)", "2:9 there is no module 'ctypes' here; a number is just a number here"),
    ("import multiprocessing as mp", "2:5 nothing can be imported here: everything a clerk may use is handed to it as a parameter"),
    ("from multiprocessing import Queue", "2:5 nothing can be imported here: everything a clerk may use is handed to it as a parameter"),
    ("from queue import Empty", "2:5 nothing can be imported here: everything a clerk may use is handed to it as a parameter"),
    ("import threading", "2:5 nothing can be imported here: everything a clerk may use is handed to it as a parameter"),
    ("n = [x for x in things]", "2:9 comprehensions are not used here; write a for loop that appends"),
    ("n = [x * 2 for x in range(3) if x]", "2:9 comprehensions are not used here; write a for loop that appends"),
    ("n = sorted(things, key=lambda x: -x)", "2:24 sorted() takes no named arguments here"),
    ('n = "%d" % n', "2:9 '%' fills nothing into text here; send or deliver a tuple of the parts"),
    ('n = "{}".format(n)', "2:9 '{}' has no 'format' here; send or deliver a tuple of the parts instead"),
    ('print("hello")', "2:5 print() is not used here; deliver(x) hands something over the counter"),
    ("print(n, file=n)", "2:5 print() is not used here; deliver(x) hands something over the counter"),
    ('n = open("a")', "2:9 open() is not used here; a clerk has only what it is handed as parameters"),
    ("n = input()", "2:9 input() is not used here; a clerk has only what it is handed as parameters"),
    ('n = input("?")', "2:9 input() is not used here; a clerk has only what it is handed as parameters"),
    ('n = int("3")', "2:9 int() is not used here; only whole numbers are used here anyway"),
    ("n = str(3)", "2:9 str() is not used here; send or deliver a tuple of the parts instead"),
    ("n = float(3)", "2:9 float() is not used here; only whole numbers are used here"),
    ("n = round(3)", "2:9 round() is not used here; only whole numbers are used here"),
    ("n = bool(n)", "2:9 bool() is not used here; write a comparison, such as n > 0"),
    ("n = type(n)", "2:9 type() is not used here; a script knows beforehand what it has"),
    ("n = isinstance(n, int)", "2:9 isinstance() is not used here; a script knows beforehand what it has"),
    ("n = id(n)", "2:9 id() is not used here; a number is just a number here"),
    ("n = hash(n)", "2:9 hash() is not used here; a number is just a number here"),
    ('n = getattr(belt, "put")', "2:9 getattr() is not used here; write the name after a dot"),
    ('setattr(belt, "x", 1)', "2:5 setattr() is not used here; write the name after a dot"),
    ("n = dir(belt)", "2:9 dir() is not used here; a script looks into nothing but its own variables"),
    ("n = vars()", "2:9 vars() is not used here; a script looks into nothing but its own variables"),
    ("n = globals()", "2:9 globals() is not used here; a script looks into nothing but its own variables"),
    ("n = repr(n)", "2:9 repr() is not used here; send or deliver a tuple of the parts instead"),
    ("n = chr(3)", "2:9 chr() is not used here; send or deliver a tuple of the parts instead"),
    ('n = ord("a")', "2:9 ord() is not used here; send numbers, or compare texts with '=='"),
    ("n = divmod(3, 2)", "2:9 divmod() is not used here; write: n // 2 and n % 2"),
    ("n = pow(2, 3)", "2:9 pow() is not used here; multiply with '*'"),
    ("n = next(things)", "2:9 next() is not used here; write a for loop"),
    ("n = iter(things)", "2:9 iter() is not used here; write a for loop"),
    ("n = all(things)", "2:9 all() is not used here; write a for loop with an if"),
    ("n = zip(things, things)", "2:9 zip() is not used here; count with range(len(…))"),
    ("n = dict()", "2:9 dict() is not used here; use a list of tuples"),
    ("n = {}", "2:9 dictionaries are not used here; use a list of tuples"),
    ("n = {1, 2}", "2:9 sets are not used here; use a list"),
    ("n = set()", "2:9 set() is not used here; use a list"),
    ("n = 1 / 2", "2:9 '/' makes fractions, and only whole numbers are used here; '//' divides them"),
    ("n = 2 ** 3", "2:9 '**' is not used here; multiply with '*'"),
    ('n = b"a"', "2:9 b'a' is not used here: whole numbers, text, True, False and None are"),
    ("n = things.sort()", "2:9 things has no 'sort' here; write: things = sorted(things)"),
    ("n = things.extend(things)", "2:9 things has no 'extend' here; write: things += others"),
    ("n = things.index(1)", "2:9 things has no 'index' here; look through it with a for loop"),
    ("n = things.count(1)", "2:9 things has no 'count' here; count with a for loop"),
    ("things.push(1)", "2:5 things has no 'push' here; did you mean 'append'?"),
    ("things.add(1)", "2:5 things has no 'add' here; did you mean 'append'?"),
    ("n = things.length", "2:9 things has no 'length' here; write: len(things)"),
    ("n = things.size()", "2:9 things has no 'size' here; write: len(things)"),
    ("n = things.len()", "2:9 things has no 'len' here; write: len(things)"),
    ('n = "abc".upper()', "2:9 'abc' has no 'upper' here; lists have append, insert, pop, remove, and other values have no methods"),
    ('n = "a,b".split(",")', "2:9 'a,b' has no 'split' here; send or deliver a tuple of the parts instead"),
    ('n = "a".join(things)', "2:9 'a' has no 'join' here; send or deliver a tuple of the parts instead"),
    ("n = things[0].x", "2:9 things[0] has no 'x' here; lists have append, insert, pop, remove, and other values have no methods"),
    ("belt.put(bob)", "2:14 bob is a multiprocessing.Process and cannot travel in a message: clerks are handed what they use at the start"),
    ("belt.put(r)", "2:14 r is a multiprocessing.connection.Connection and cannot travel in a message: clerks are handed what they use at the start; r.recv() takes one thing from it"),
    ("w.send(wall)", "2:12 wall is a multiprocessing.shared_memory.SharedMemory and cannot travel in a message: clerks are handed what they use at the start"),
    ("belt.put(item=1, blok=False)", "2:22 put() has no argument 'blok'; did you mean 'block'?"),
    ("belt.put(1, block=True, block=False)", "2:29 put() is given 'block' twice"),
    ("belt.put(1, timeout=0.5)", "2:25 0.5 is a fraction; only whole numbers are used here; 1 is as good: a timeout may run out whenever one has to wait"),
    ("belt.get(timeout=.5)", "2:22 0.5 is a fraction; only whole numbers are used here; 1 is as good: a timeout may run out whenever one has to wait"),
    ("belt.get(1, 2, 3)", "2:20 get() takes 2 arguments, not 3"),
    ("belt.get(tiemout=1)", "2:14 get() has no argument 'tiemout'; did you mean 'timeout'?"),
    ("key.acquire(1, 2, 3)", "2:23 acquire() takes 2 arguments, not 3"),
    ("r.poll(0.1)", "2:12 0.1 is a fraction; only whole numbers are used here; 1 is as good: a timeout may run out whenever one has to wait"),
    ("bob.join(0.5)", "2:14 0.5 is a fraction; only whole numbers are used here; 1 is as good: a timeout may run out whenever one has to wait"),
    ("work(0.5)", "2:10 0.5 is a fraction; only whole numbers are used here"),
    ("deliver(1, 2)", "2:5 deliver() takes one thing: deliver(thing)"),
    ("deliver(belt)", "2:13 belt is a multiprocessing.Queue and cannot travel in a message: clerks are handed what they use at the start; belt.get() takes one thing from it"),
    ("yield n", "2:5 'yield' is not used here; collect in a list, or send over a channel"),
    ("del things[0]", "2:5 'del' is not used here; use pop(), or simply leave the variable"),
    ("x: int = 3", "2:5 annotations are not used here; write a plain assignment"),
    ("while True: n += 1 else: pass", "2:24 Python cannot read this: invalid syntax"),
    ("if n = 3: pass", "2:8 Python cannot read this: invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
    ("if n == 3 then:", "2:15 Python cannot read this: invalid syntax; end the line with ':' alone"),
    ("n++", "2:8 Python cannot read this: invalid syntax; write: n += 1"),
    ("n =! 3", "2:8 Python cannot read this: invalid syntax; write: != or <= or >="),
    ("n := 3", "2:7 Python cannot read this: invalid syntax; write: n = 3"),
    ("switch n:", "2:12 Python cannot read this: invalid syntax; use if and elif"),
    ("for (i = 0; i < 3; i++):", "2:10 Python cannot read this: invalid syntax; write: for i in range(3):"),
    ("for i in range(3) pass", "2:23 Python cannot read this: invalid syntax"),
    ("try: pass", "2:14 Python cannot read this: expected 'except' or 'finally' block"),
    ("try:\n    pass\nexcept queue.Empty:\n    pass", "4:12 name the exceptions: except Empty:"),
    ("try:\n    pass\nexcept Empty as e:\n    pass", "4:5 'as' is not used here; the exception's name says enough"),
    ("try:\n    pass\nexcept BaseException:\n    pass", "4:12 there is no exception 'BaseException' here; did you mean 'Exception'?"),
    ("try:\n    pass\nexcept KeyboardInterrupt:\n    pass", "4:12 there is no exception 'KeyboardInterrupt' here; nobody interrupts a clerk from outside"),
    ("try:\n    pass\nexcept multiprocessing.TimeoutError:\n    pass", "4:12 name the exceptions: except TimeoutError:"),
    ("try:\n    pass\nexcept ProcessError:\n    pass", "4:12 there is no exception 'ProcessError' here; did you mean 'OSError'?"),
    ("raise SystemExit", "2:11 there is no exception 'SystemExit' here; a clerk goes home at the end of its def, or with return"),
    ("raise KeyboardInterrupt", "2:11 there is no exception 'KeyboardInterrupt' here; nobody interrupts a clerk from outside"),
    ("raise StopIteration", "2:11 there is no exception 'StopIteration' here; a for loop ends by itself"),
    ("assert belt", "2:12 belt is a multiprocessing.Queue, and always true; ask: belt.empty()"),
    ("wait(r)", "2:10 wait takes a list of what to wait for: wait([r])"),
    ("wait(belt)", "2:10 wait takes a list of what to wait for: wait([belt])"),
    ("n = select([r], [], [])", "2:9 there is no module 'select' here; write: wait([first, second])"),
    ("with key, belt: pass", "2:15 belt is a multiprocessing.Queue; 'with' needs a lock, or something that has one"),
    ("with key.acquire(): pass", "2:10 'with' needs a lock, or something that has one; write: with key:"),
    ("with 3: pass", "2:10 'with' needs a lock, or something that has one"),
    ("key.acquire", "2:5 acquire must be called: key.acquire()"),
    ("belt.put", "2:5 put must be called: belt.put()"),
    ("belt.put = 3", "2:5 put must be called: belt.put()"),
    ("belt.x = 3", "2:5 belt is a multiprocessing.Queue; it has no 'x'; it has put, get, put_nowait, get_nowait, empty, full, qsize"),
    ("n = belt.put", "2:9 put must be called: belt.put()"),
    ("n.value = 3", "2:5 n has no 'value' here; raw and tally have it"),
    ("n.put(3)", "2:5 n has no 'put' here; belt, book and chute have it"),
    ("n = n[0].get()", "2:9 n[0] has no 'get' here; belt, book and chute have it"),
    ("self.x = 3", "2:5 nothing here is called 'self'"),
    ("n = self.x", "2:9 nothing here is called 'self'"),
    ("super().run()", "2:5 super() is not used here; there are no classes"),
    ('if __name__ == "__main__": pass', "2:8 '__name__' is not used here: nothing imports a script, the clerk just begins"),
    ("@staticmethod\ndef g(): pass", "3:5 a def inside a def is not used here; put it beside this one"),
    ('"tally".value', "2:5 'tally' has no 'value' here; raw and tally have it"),
    ("n = not belt", "2:13 belt is a multiprocessing.Queue, and always true; ask: belt.empty()"),
    ("n = -belt", "2:10 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("n = belt < 1", "2:9 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("n = min(belt, 1)", "2:13 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("n = max(tally, 1)", "2:13 tally is a multiprocessing.Value, not a value; its number is tally.value"),
    ("belt.put(lambda: 1)", "2:14 'lambda' is only used in wait_for here; write a def beside this one instead"),
    ("belt.put(f)", "2:14 f must be called: f(…)"),
    ("Process.start(bob)", "2:5 Process is not made here: clerks are handed what they share as parameters"),
    ('n = Exception("a")', "2:9 Exception is an exception: it stands after raise and except"),
    ("n = None.x", "2:9 None has no 'x' here; lists have append, insert, pop, remove, and other values have no methods"),
    ("n = x if n", "2:9 Python cannot read this: expected 'else' after 'if' expression"),
    ("n = x and", "2:14 Python cannot read this: invalid syntax"),
    ('n = """abc', "2:9 Python cannot read this: unterminated triple-quoted string literal"),
    ("n = 0777", "2:9 Python cannot read this: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers"),
    ("n = 99999999999999999999", "2:9 this number does not fit in 64 bits"),
    ("n = “abc”", "2:9 Python cannot read this: invalid character '“' (U+201C); text stands between \" and \" or ' and '"),
    ("n = belt。get()", "2:13 Python cannot read this: invalid character '。' (U+3002); this sign was typed with another keyboard: write the plain one"),
    ("n = belt.get(）", "2:18 Python cannot read this: invalid character '）' (U+FF09); this sign was typed with another keyboard: write the plain one"),
    ("with bench: bench.wait_for(n)", "2:32 wait_for takes a def of yours without parameters, or: lambda: tally.value > 0"),
    ("with bench: bench.wait_for(n > 3)", "2:32 wait_for takes a def of yours without parameters, or: lambda: tally.value > 0"),
    ("bench.wait_for(lambda x: x)", "2:20 wait_for hands its lambda nothing; write: lambda: tally.value > 0"),
    ("n = lambda x: x", "2:9 'lambda' is only used in wait_for here; write a def beside this one instead"),
    ("print belt.get()", "2:5 Python cannot read this: Missing parentheses in call to 'print'; deliver(x) hands something over the counter"),
    ('exec "n"', "2:5 Python cannot read this: Missing parentheses in call to 'exec'; deliver(x) hands something over the counter"),
    ("n = `n`", "2:9 Python cannot read this: invalid syntax; text stands between \" and \" or ' and '"),
    ("n <> 3", "2:7 Python cannot read this: invalid syntax; write: !="),
]  # fmt: skip


@pytest.mark.parametrize(("body", "sentence"), TYPED, ids=[body[:40] for body, _ in TYPED])
def test_whatever_is_brought_along_is_refused_with_its_place_and_the_way_out(body, sentence):
    assert [without_pythons(one) for one in told(body)] == [without_pythons(here(sentence))]


def without_pythons(problem):
    """The problem without Python's own words about a line, which differ from version to version."""
    return re.sub("(cannot read this: )[^;]*", r"\1", problem)


def test_every_refusal_is_said_in_german_too():
    german = catalogue("de")
    for body, _ in TYPED:
        lines = "".join(f"    {line}\n" for line in body.split("\n"))
        with pytest.raises(ProblemsFound) as found:
            scripting.compiled(f"def f({', '.join(HANDED)}):\n{lines}", PLACE, **HANDED)
        for problem in found.value.problems:
            assert translate(problem.message, german) != problem.message, body


NOT_IN_THE_WAY = [
    "if things: pass",
    "while n: n -= 1",
    "n = belt.get() or None",
    "n = 3 if things else 4",
    "letter = belt\nif n: letter = None\nif letter: letter.put(1)",
    "n = tally == raw",
    "n = belt is None",
    "n = n == 3",
    "tally = raw",
    "belt = None",
    "n = tally.value\nn = 3",
    "with key: pass",
    "assert things",
]


@pytest.mark.parametrize("body", NOT_IN_THE_WAY)
def test_what_makes_sense_is_let_through(body):
    assert told(body) == []


def test_what_comes_of_an_unknown_name_is_told_once():
    assert told("n = multiprocessing.Manager().list()") == [
        here("2:9 there is no module 'multiprocessing' here; clerks are handed what they share as parameters")
    ]
    assert len(told("super().run()")) == len(told("n = current_process().name")) == 1


def real_objects():
    """(the handles whose faces stand for it, the real object)"""
    context = multiprocessing.get_context("spawn")
    ends = context.Pipe()
    wall = shared_memory.SharedMemory(create=True, size=1)
    yield [Handle("belt")], context.Queue()
    yield [Handle("chute")], context.SimpleQueue()
    yield [Handle("book")], context.JoinableQueue()
    yield [Handle("tube", "r"), Handle("tube", "w")], ends[0]
    yield [Handle("tally")], context.Value("q")
    yield [Handle("cards")], context.Array("q", 1)
    yield [Handle("key")], context.Lock()
    yield [Handle("rkey")], context.RLock()
    yield [Handle("tags")], context.Semaphore()
    yield [Handle("btags")], context.BoundedSemaphore()
    yield [Handle("flag")], context.Event()
    yield [Handle("bench")], context.Condition()
    yield [Handle("ferry")], context.Barrier(2)
    yield [Handle("wall")], wall
    yield [Handle("wall", "buf")], wall.buf
    yield [Handle("@bob")], context.Process()
    for end in ends:
        end.close()
    wall.close()
    wall.unlink()


def test_everything_the_real_objects_offer_is_there_or_refused_by_its_name():
    faces = scripting.all_faces()
    for handles, real in real_objects():
        face = faces[handles[0]]
        there = {name for handle in handles for name in faces[handle].names()}
        refused = REAL.get(face.python.rpartition(".")[2], {})
        offered = {name for name in dir(real) if not name.startswith("_")}
        assert offered - there - refused.keys() == set(), face.python
        assert not there & refused.keys(), face.python
        assert all(refused.values())


def test_every_function_of_pythons_own_is_there_or_refused_with_the_way_out():
    functions = [name for name in dir(builtins) if name[0].islower()]
    assert [name for name in functions if name not in BUILTINS and name not in CALLS] == []
    assert not [
        name for name, way in CALLS.items() if not way and name not in ("copyright", "credits", "license")
    ]


def test_only_the_beginning_of_a_very_long_line_is_looked_at():
    assert in_other_languages("n" * 100 + "++") and not in_other_languages("n" * 20_000 + "++")


def test_nothing_that_python_can_read_is_taken_for_another_language():
    for line in (
        "n = n // 2",
        "n = 'a'",
        "for i in range(3):",
        "n = n != 3",
        "x = (1, 2)",
        "if n <= 3:",
        "n = -1",
    ):
        ast.parse(line + (" pass" if line.endswith(":") else ""))
        assert in_other_languages(line) == "", line
