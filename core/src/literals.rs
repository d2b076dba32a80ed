//! Which of the library's literals are in a text; `logsleuth/scan/literals.py` is the definition.
//!
//! An automaton over all literals reads every byte and has a table larger than the processor's cache. This looks at
//! four bytes of every five: where a literal of at least eight bytes stands, one of those four must be a part of it, at
//! one of five places. Few parts of a text are a part of any literal, and a table of 16 KB tells.

use aho_corasick::packed::Searcher;
use aho_corasick::AhoCorasick;

use crate::Map;

/// Bytes that are looked up at once.
const GRAM: usize = 4;
/// Bytes from one look to the next.
const STRIDE: usize = 5;
/// Bytes of a literal in which every look falls that meets it.
const WINDOW: usize = GRAM + STRIDE - 1;
const _: () = assert!(WINDOW == 8, "a window is compared as one number");
/// Bits of a hash that the table of marks has; with five thousand grams, one in thirty marks is set.
const MARK_BITS: u32 = 17;
/// Bits of a hash by which grams are found.
const BUCKET_BITS: u32 = 13;
/// From common to rare: what is looked up should be rare in what logs say.
const COMMON: &[u8] = b" etaoinsrlhdcumfpgwybvk.,-_/'\"0123456789:";

/// Literals made ready to be looked for.
pub struct Literals {
    literals: Vec<Vec<u8>>,
    /// By hash: whether a gram of that hash is part of any literal.
    marks: Box<[u64; 1 << (MARK_BITS - 6)]>,
    /// By shorter hash: where in `grams` its grams begin.
    buckets: Vec<u32>,
    grams: Vec<Gram>,
    short: Option<Short>,
}

/// Four bytes of a literal's window.
struct Gram {
    bytes: u32,
    /// The whole window, and how far into it the four bytes are.
    window: u64,
    ahead: usize,
    /// Where in the literal the window is.
    begin: usize,
    literal: u32,
}

/// Literals that are looked for at every byte: those that are too short to be met by every look, or a few.
pub struct Short {
    /// By pattern of the search: its literal's number.
    numbers: Vec<u32>,
    /// By pattern of the search: the literals that may stand where it does, with their numbers.
    alike: Vec<Vec<(u32, Vec<u8>)>>,
    search: Search,
}

enum Search {
    /// For up to 64 literals: vectors of bytes at a time.
    Packed(Searcher),
    Automaton(AhoCorasick),
}

impl Literals {
    pub fn new(literals: Vec<Vec<u8>>) -> Result<Self, String> {
        let mut marks = Box::new([0; 1 << (MARK_BITS - 6)]);
        let holders = holders(&literals);
        let mut grams = Vec::new();
        for (number, literal) in literals.iter().enumerate() {
            let Some(begin) = rarest_window(literal, &holders) else { continue };
            let Some(window) = window_at(literal, begin) else { continue };
            for ahead in 0..STRIDE {
                let bytes = gram_at(literal, begin + ahead);
                let mark = hash(bytes) >> (32 - MARK_BITS);
                marks[mark as usize >> 6] |= 1 << (mark & 63);
                grams.push(Gram { bytes, window, ahead, begin, literal: number as u32 });
            }
        }
        grams.sort_by_key(|gram| (bucket(gram.bytes), gram.literal, gram.ahead));
        let buckets = (0..=1 << BUCKET_BITS)
            .map(|number| grams.partition_point(|gram| bucket(gram.bytes) < number) as u32)
            .collect();
        let shorts = (0..).zip(literals.iter().cloned()).filter(|(_, literal)| literal.len() < WINDOW).collect();
        let short = Short::new(shorts)?;
        Ok(Literals { literals, marks, buckets, grams, short })
    }

    /// Say the number of each literal in a text; some more than once, in no order.
    pub fn find(&self, text: &[u8], mut found: impl FnMut(u32)) {
        let strides = text.chunks_exact(STRIDE);
        let rest = strides.remainder();
        for (nth, stride) in strides.enumerate() {
            let bytes = u32::from_le_bytes([stride[0], stride[1], stride[2], stride[3]]);
            if self.is_marked(bytes) {
                self.compare(text, nth * STRIDE, bytes, &mut found);
            }
        }
        if rest.len() >= GRAM && self.is_marked(gram_at(rest, 0)) {
            self.compare(text, text.len() - rest.len(), gram_at(rest, 0), &mut found);
        }
        if let Some(short) = &self.short {
            short.find(text, &mut found);
        }
    }

    fn is_marked(&self, bytes: u32) -> bool {
        let mark = hash(bytes) >> (32 - MARK_BITS);
        self.marks[mark as usize >> 6] >> (mark & 63) & 1 == 1
    }

    /// Say which literals a text has around the gram at a place.
    #[inline(never)]
    fn compare(&self, text: &[u8], at: usize, bytes: u32, found: &mut impl FnMut(u32)) {
        let number = bucket(bytes) as usize;
        for gram in &self.grams[self.buckets[number] as usize..self.buckets[number + 1] as usize] {
            if gram.bytes == bytes
                && at >= gram.ahead + gram.begin
                && window_at(text, at - gram.ahead) == Some(gram.window)
                && text[at - gram.ahead - gram.begin..].starts_with(&self.literals[gram.literal as usize])
            {
                found(gram.literal);
            }
        }
    }
}

impl Short {
    /// Numbered literals made ready to be looked for; None: there are none.
    pub fn new(shorts: Vec<(u32, Vec<u8>)>) -> Result<Option<Self>, String> {
        if shorts.is_empty() {
            return Ok(None);
        }
        let names: Vec<&[u8]> = shorts.iter().map(|(_, literal)| literal.as_slice()).collect();
        let search = match Searcher::new(&names) {
            Some(packed) => Search::Packed(packed),
            None => Search::Automaton(AhoCorasick::new(&names).map_err(|error| error.to_string())?),
        };
        let alike = |name: &&[u8]| {
            shorts.iter().filter(|(_, other)| other.starts_with(name) || name.starts_with(other)).cloned().collect()
        };
        let numbers = shorts.iter().map(|(number, _)| *number).collect();
        Ok(Some(Short { numbers, alike: names.iter().map(alike).collect(), search }))
    }

    /// Say the number of each literal in a text; some more than once, in no order.
    pub fn find(&self, text: &[u8], found: &mut impl FnMut(u32)) {
        match &self.search {
            Search::Packed(packed) => {
                let mut from = 0;
                while let Some(one) = packed.find_in(text, (from..text.len()).into()) {
                    // the search says one of those that start here
                    let rest = &text[one.start()..];
                    for (number, literal) in &self.alike[one.pattern().as_usize()] {
                        if rest.starts_with(literal) {
                            found(*number);
                        }
                    }
                    from = one.start() + 1;
                }
            }
            Search::Automaton(automaton) => {
                for one in automaton.find_overlapping_iter(text) {
                    found(self.numbers[one.pattern().as_usize()]);
                }
            }
        }
    }
}

/// How many literals hold each gram: what many of them say is common in logs, and would have to be compared with each.
fn holders(literals: &[Vec<u8>]) -> Map<u32, usize> {
    let mut holders = Map::default();
    let mut grams: Vec<u32> = Vec::new();
    for literal in literals {
        grams.clear();
        grams.extend(literal.windows(GRAM).map(|gram| gram_at(gram, 0)));
        grams.sort_unstable();
        grams.dedup();
        for &gram in &grams {
            *holders.entry(gram).or_insert(0) += 1;
        }
    }
    holders
}

/// How rare each byte looks.
const RARITY: [usize; 256] = {
    let mut rarity = [COMMON.len(); 256];
    let mut nth = 0;
    while nth < COMMON.len() {
        rarity[COMMON[nth] as usize] = nth;
        nth += 1;
    }
    rarity
};

/// Where in a literal the window is that the fewest others share, and of those the one of the rarest-looking bytes.
///
/// None: it is too short for a window.
fn rarest_window(literal: &[u8], holders: &Map<u32, usize>) -> Option<usize> {
    let shared: Vec<usize> = literal.windows(GRAM).map(|gram| holders[&gram_at(gram, 0)]).collect();
    let cost = |&begin: &usize| {
        let rarity: usize = literal[begin..begin + WINDOW].iter().map(|&byte| RARITY[byte as usize]).sum();
        (shared[begin..begin + STRIDE].iter().sum::<usize>(), usize::MAX - rarity)
    };
    (0..(literal.len() + 1).saturating_sub(WINDOW)).min_by_key(cost)
}

fn window_at(text: &[u8], at: usize) -> Option<u64> {
    text.get(at..at + WINDOW)?.try_into().ok().map(u64::from_le_bytes)
}

fn gram_at(text: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]])
}

fn hash(bytes: u32) -> u32 {
    bytes.wrapping_mul(0x9E37_79B1)
}

fn bucket(bytes: u32) -> u32 {
    hash(bytes) >> (32 - BUCKET_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(literals: &[&str]) -> Literals {
        Literals::new(literals.iter().map(|literal| literal.as_bytes().to_vec()).collect()).unwrap()
    }

    fn found(made: &Literals, text: &[u8]) -> Vec<u32> {
        let mut numbers = Vec::new();
        made.find(text, |number| numbers.push(number));
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn plainly(literals: &[&str], text: &[u8]) -> Vec<u32> {
        let holds = |literal: &&str| text.windows(literal.len()).any(|window| window == literal.as_bytes());
        (0..).zip(literals).filter(|(_, literal)| holds(literal)).map(|(number, _)| number).collect()
    }

    const LITERALS: [&str; 12] = [
        "boom",
        "ORA-0",
        "ORA-00",
        "RA-00",
        "exit signal",
        "signal Segmentation",
        "File does not exist: ",
        "aaaaaaaa",
        "aaaaaaaaa",
        "Timeout",
        "Timeouts",
        "e was a timeout somewhere",
    ];

    #[test]
    fn literals_are_found_wherever_they_stand() {
        let made = made(&LITERALS);
        for literal in LITERALS {
            for before in 0..12 {
                for after in 0..6 {
                    let text = [vec![b'x'; before], literal.as_bytes().to_vec(), vec![b'y'; after]].concat();
                    assert_eq!(found(&made, &text), plainly(&LITERALS, &text), "{}", text.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn what_is_found_is_what_is_there() {
        let pieces: Vec<&[u8]> = vec![
            b"boom",
            b"ORA-",
            b"0",
            b"00",
            b"exit ",
            b"signal",
            b" Segmentation",
            b"File does not ",
            b"exist: ",
            b"aaa",
            b"aaaa",
            b"Time",
            b"out",
            b"s",
            b"e was a timeout ",
            b"somewhere",
            b"\xff",
            b" ",
        ];
        let made = made(&LITERALS);
        let mut state = 7u64;
        let mut next = |most: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % most
        };
        for _ in 0..3000 {
            let text: Vec<u8> = (0..next(12)).flat_map(|_| pieces[next(pieces.len())].to_vec()).collect();
            assert_eq!(found(&made, &text), plainly(&LITERALS, &text), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn many_short_literals_are_found_too() {
        let many: Vec<String> = (0..200).map(|number| format!("x{number:04}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let text = b"x0007x0199 x0200x000x0042";
        assert_eq!(found(&made(&many), text), [7, 42, 199]);
    }
}
