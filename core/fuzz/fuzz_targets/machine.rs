//! No format and no line break the reader of `ErrorLogFormat`s; what it remembers of one line changes nothing for the
//! next; and what a format prints, it reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use logsleuth_core::head::Kinds;
use logsleuth_core::lines::{Line, Lines};
use logsleuth_core::machine::{Formats, GivenNode, Machine};
use logsleuth_core::stamp::Stamp;
use logsleuth_core::zone::Zone;

const DIRECTIVES: [&str; 21] = [
    "constant", "choice", "", "t", "l", "P", "T", "k", "a", "A", "E", "F", "L", "m", "v", "V", "i", "e", "n", "M",
    "choice",
];
const ERRORS: [&[u8]; 3] = [b"Permission denied", b"No such file or directory", b"No such file"];

/// A state: directive, where it goes on and where otherwise, text, whether it prints a hyphen, and level.
type Node = (u8, u8, u8, Vec<u8>, bool, u8);

fuzz_target!(|input: (Vec<Vec<Node>>, Vec<Vec<u8>>, (u32, u32, u16, Vec<u8>))| {
    let (formats, lines, values) = input;
    let machines: Vec<Machine> = formats.iter().take(3).filter_map(|nodes| machine(given(nodes))).collect();
    let lines: Vec<Vec<u8>> = lines.iter().take(8).map(|line| printable(line)).collect();
    let mut kept = Kept::new();
    let mut reader = formats_of(&machines);
    for line in &lines {
        let again = kept.read(&mut reader, line);
        assert_eq!(again, Kept::new().read(&mut formats_of(&machines), line), "{}", line.escape_ascii());
    }
    let (pid, tid, port, message) = values;
    reads_what_it_prints(pid, tid, port, &printable(&message));
});

fn formats_of(machines: &[Machine]) -> Formats<'_> {
    Formats::new(machines, Zone::new(&|_| 0))
}

fn machine(nodes: Vec<GivenNode>) -> Option<Machine> {
    Machine::new(nodes, 1, stamp(), &ERRORS.map(<[u8]>::to_vec)).ok()
}

fn given(nodes: &[Node]) -> Vec<GivenNode> {
    let count = nodes.len().min(24) + 1;
    let end = ("end".to_string(), 0, 0, Vec::new(), false, 0);
    let named = nodes.iter().take(24).map(|(directive, then, other, text, hyphen, level)| {
        let directive = DIRECTIVES[usize::from(*directive) % DIRECTIVES.len()].to_string();
        (directive, usize::from(*then) % count, usize::from(*other) % count, printable(text), *hyphen, level % 16)
    });
    std::iter::once(end).chain(named).collect()
}

/// `2009-09-04 14:30:05`
fn stamp() -> Option<Stamp> {
    let parts =
        [("year", 0, 4), ("month", 5, 7), ("day", 8, 10), ("hour", 11, 13), ("minute", 14, 16), ("second", 17, 19)];
    let parts = parts.map(|(name, from, to)| (name.to_string(), from, to)).to_vec();
    Stamp::new((b"dddd=dd=dd=dd=dd=dd".to_vec(), b"    -  -     :  :  ".to_vec(), parts))
}

/// In printable ASCII, which is all that the reader is given.
fn printable(text: &[u8]) -> Vec<u8> {
    text.iter().take(300).map(|byte| b' ' + byte % 95).collect()
}

/// Modules and levels by number, as they are learnt.
struct Kept {
    kinds: Kinds,
}

/// Time, module and level, pid, tid, client and text.
type Said = (Option<i64>, (String, String), u64, u64, Vec<u8>, Vec<u8>);

impl Kept {
    fn new() -> Self {
        Kept { kinds: Kinds::new() }
    }

    fn read(&mut self, formats: &mut Formats, text: &[u8]) -> Option<Said> {
        let mut lines = Lines::new(text, Vec::new(), true);
        let line: Line = formats.read(text, 0, &mut lines.made, &mut self.kinds)?;
        let kind = (*self.kinds.names[line.kind? as usize]).clone();
        let time = line.dated.then_some(line.time);
        Some((time, kind, line.pid, line.tid, lines.client(&line).to_vec(), lines.rest(&line).to_vec()))
    }
}

/// `[%t] [%m:%l] [pid %P:tid %T] [client %a] %M`
fn reads_what_it_prints(pid: u32, tid: u32, port: u16, message: &[u8]) {
    let items = [
        ("constant", "["),
        ("t", ""),
        ("constant", "] ["),
        ("m", ""),
        ("constant", ":"),
        ("l", ""),
        ("constant", "] [pid "),
        ("P", ""),
        ("constant", ":tid "),
        ("T", ""),
        ("constant", "] [client "),
        ("a", ""),
        ("constant", "] "),
        ("M", ""),
    ];
    let count = items.len();
    let end = ("end".to_string(), 0, 0, Vec::new(), false, 0);
    let nodes = items.iter().enumerate().map(|(nth, (directive, text))| {
        (directive.to_string(), if nth + 1 == count { 0 } else { nth + 2 }, 0, text.as_bytes().to_vec(), false, 0)
    });
    let Some(machine) = machine(std::iter::once(end).chain(nodes).collect()) else { panic!("it is a format") };
    let head = format!("[2009-09-04 14:30:05] [wsgi:error] [pid {pid}:tid {tid}] [client 192.0.2.7:{port}] ");
    let line = [head.as_bytes(), message].concat();
    let Some(said) = Kept::new().read(&mut formats_of(&[machine]), &line) else {
        panic!("not read: {}", line.escape_ascii());
    };
    let (time, kind, read_pid, read_tid, client, text) = said;
    assert_eq!(time, Some(1_252_074_605_000_000));
    assert_eq!((kind.0.as_str(), kind.1.as_str()), ("wsgi", "error"));
    assert_eq!((read_pid, read_tid), (u64::from(pid), u64::from(tid)));
    assert_eq!(client, format!("[client 192.0.2.7:{port}]").as_bytes());
    assert_eq!(text, message, "{}", line.escape_ascii());
}
