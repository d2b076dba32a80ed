//! A regex that matches a line may match whatever the line begins with.
#![no_main]

use libfuzzer_sys::fuzz_target;
use logsleuth_core::beginnings::Begin;
use logsleuth_core::regex::compile;
use logsleuth_core::walk::{is_bound, may_match};

// the regex, a newline, and the line
fuzz_target!(|data: &[u8]| {
    let Some(at) = data.iter().position(|&byte| byte == b'\n') else { return };
    let (Ok(source), line) = (std::str::from_utf8(&data[..at.min(60)]), &data[at + 1..]) else { return };
    if line.contains(&b'\n') {
        return;
    }
    let Ok(regex) = compile(source) else { return };
    if is_bound(source) && regex.is_match(line) {
        for length in 0..=line.len().min(70) {
            assert!(may_match(source, &Begin::of(line).cut(length)), "{source} {length} {}", line.escape_ascii());
        }
    }
});
