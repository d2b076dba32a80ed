//! No bytes break a scan, and two blocks that share a log count what one block of all of it counts.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use logsleuth_core::library::{Confirm, Library, Pattern, Way};
use logsleuth_core::regex::Lazy;
use logsleuth_core::scan::{Block, Format, How, Session};
use logsleuth_core::tally::{Caps, Tally};

const PATTERNS: [(&str, Option<&str>); 5] = [
    ("exit signal", Some(r"child pid (?P<pid>\d+) exit signal (?P<signal>[A-Z]\w+)")),
    ("zipimport", Some("^EOFError")),
    ("Traceback (most recent call last)", None),
    ("boom", None),
    ("File does not exist", Some(r"^(?:AH\d{5}: )?File does not exist: (?P<path>\S{1,300})")),
];

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let patterns = PATTERNS.map(|(literal, regex)| Pattern {
        sources: Vec::new(),
        modules: Vec::new(),
        levels: Vec::new(),
        fallback: literal.starts_with("Traceback"),
        reason: true,
        noise: false,
        worker: regex.is_some(),
        subject: None,
        ways: vec![Way {
            literal: literal.to_string(),
            confirm: regex.map_or(Confirm::Literal, |source| Confirm::Regex(Box::new(Lazy::new(source.to_string())))),
            unless: None,
        }],
    });
    Library::new(patterns.into(), Box::new(|_, _, _| None)).unwrap()
});

const CAPS: Caps = Caps {
    moments_a_pattern: 1 << 20,
    moments_of_noise: 1 << 20,
    pids_a_pattern: 1 << 20,
    clients_a_pattern: 1 << 20,
    seconds_served: 1 << 20,
    moments_a_template: 1 << 20,
    templates: 1 << 20,
    signs: 1 << 20,
    sign_width: 600,
    widest_sign: 600 << 13,
    samples: 5,
    steps: 8,
    seconds_of_traffic: 1 << 20,
    keys_of_traffic: 1 << 20,
};

fuzz_target!(|input: (u16, bool, &[u8])| {
    let (cut, vhost, data) = input;
    let end = data.len() as u64;
    let cut = u64::from(cut).min(end);
    assert_eq!(counted(data, &[(0, cut), (cut, end)], vhost), counted(data, &[(0, end)], vhost));
});

/// What blocks that own these stretches count together, all of them seeing the whole log.
fn counted(data: &[u8], stretches: &[(u64, u64)], vhost: bool) -> BTreeMap<String, u64> {
    let how = How { source: "httpd", format: Format::Errors { vhost }, since: None, until: None, span: 1 << 30 };
    let mut session = Session::new(CAPS);
    for &(own_begin, own_end) in stretches {
        session.update(&LIBRARY, &how, &Block { log: 0, base: 0, data, own_begin, own_end });
    }
    plainly(&session.take())
}

fn plainly(tally: &Tally) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for (number, pattern) in &tally.patterns {
        for (second, moment) in &pattern.series.buckets {
            counts.insert(format!("pattern {number} at {second}"), moment.count);
        }
        for (client, (_, count)) in &pattern.clients.kept {
            counts.insert(format!("pattern {number} for {}", client.escape_ascii()), *count);
        }
        for (pid, about) in &pattern.by_pid {
            counts.insert(format!("pattern {number} of {pid}"), about.count);
        }
    }
    for (key, series) in &tally.templates {
        counts.insert(format!("shape {key:?}"), series.buckets.values().map(|moment| moment.count).sum());
    }
    for (key, sign) in &tally.signs.items {
        counts.insert(format!("sign {key:?}"), sign.count);
    }
    for log in tally.logs.values() {
        counts.insert("lines".to_string(), log.lines);
        counts.insert("records".to_string(), log.records);
        counts.insert("joined".to_string(), log.joined);
        counts.insert("stepped".to_string(), log.stepped);
    }
    counts
}
