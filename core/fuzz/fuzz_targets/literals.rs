//! Literals are found where they are, and nowhere else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use logsleuth_core::literals::Literals;

// the literals, in lines; then an empty line, and the text
fuzz_target!(|data: &[u8]| {
    let Some(at) = data.windows(2).position(|pair| pair == b"\n\n") else { return };
    let mut literals: Vec<Vec<u8>> = data[..at].split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
    literals.retain(|literal| literal.len() >= 4);
    literals.sort();
    literals.dedup();
    let text = &data[at + 2..];
    let mut found = Vec::new();
    Literals::new(literals.clone()).unwrap().find(text, |number| found.push(number as usize));
    found.sort_unstable();
    found.dedup();
    let holds = |literal: &[u8]| text.windows(literal.len()).any(|window| window == literal);
    let expected: Vec<usize> = (0..literals.len()).filter(|&number| holds(&literals[number])).collect();
    assert_eq!(found, expected);
});
