//! Which patterns a line may match, remembered by how its message begins; `logsleuth/scan/beginnings.py` does the same
//! for the reference. Nothing here changes what is found, only how fast.
//!
//! A log says the same few things over and over, each time with another path, client or number behind the first words.
//! Regexes are anchored, so the first bytes of a message rule out nearly all of them, whatever follows: then the rest
//! needs no search for every literal of the library, but for the few that are left.

use crate::literals::Short;
use crate::Map;

/// Bytes of a message that are looked at: first a code of httpd's and a word, and seldom anything that varies; where
/// more ways than `FEW` are left (PHP's messages within FPM's), as many more, as long as those come often too.
const STEP: usize = 12;
const STEPS: usize = 5;
const FEW: usize = 8;
/// A beginning is asked about when it has come this often: that costs as much as a hundred lines.
const OFTEN: u32 = 48;
/// Looks at more of a message, after which it is known whether they are worth it: half of them must find something.
const TRIALS: u32 = 4096;
/// Beginnings that are counted or remembered, of each length.
const KEPT: usize = 8192;
/// Literals that are found at once by vectors of bytes.
const AT_ONCE: usize = 64;
/// Choices of ways that are remembered; few beginnings leave another choice than one before.
const CHOICES: usize = 512;
/// Bytes in which a client's field ends.
const LONGEST_CLIENT: usize = 64;

/// A way of a pattern to be hit: both by number.
pub type Way = (u32, u32);
/// A way, and the literal that must be in the text.
pub type Candidate<'l> = (Way, &'l str);

/// What is known of a beginning.
#[derive(Clone, Copy)]
enum Known {
    /// How often it came.
    Seen(u32),
    Asked(Asked),
}

/// What is left of all ways after a beginning.
#[derive(Clone, Copy)]
struct Asked {
    /// Its number, by which longer beginnings are known that go on from it.
    number: u32,
    /// The number of the choice; None: more is left than is worth one.
    choice: Option<u32>,
    /// So little is left that more of the message is not looked at.
    few: bool,
    /// How often more of the message was looked at, and how often that was known.
    looks: u32,
    finds: u32,
}

impl Asked {
    fn is_worth_a_look(&self) -> bool {
        !self.few && (self.looks < TRIALS || self.finds >= self.looks / 2)
    }
}

/// The ways that texts with some beginning may be matched in.
struct Choice {
    /// In the order in which they are tried.
    ways: Vec<Way>,
    /// Those whose literals the beginning holds, as bits.
    sure: Bits,
    /// The literals of the others, and of each the ways that it may be of.
    literals: Vec<Short>,
    of_literal: Vec<Bits>,
}

/// Ways of a choice, the first the lowest.
pub type Bits = u128;

/// A stretch of a message's beginning, and the number of what is before it: one key for a map.
type Key = u128;
/// Bits of such a number.
const NUMBER_BITS: u32 = Key::BITS - 8 * STEP as u32 - 4;

fn key(before: u32, text: &[u8]) -> Key {
    let mut bytes = [0; Key::BITS as usize / 8];
    let length = match text.first_chunk::<STEP>() {
        Some(whole) => {
            bytes[..STEP].copy_from_slice(whole);
            STEP
        }
        None => {
            bytes[..text.len()].copy_from_slice(text);
            text.len()
        }
    };
    Key::from_le_bytes(bytes) | (length as Key) << (8 * STEP) | Key::from(before) << (Key::BITS - NUMBER_BITS)
}

/// What one thread remembers of the beginnings of lines.
#[derive(Default)]
pub struct Beginnings {
    /// By how many bytes are looked at.
    tables: [Map<Key, Known>; STEPS],
    /// How many were asked about.
    asked: u32,
    choices: Choices,
}

impl Beginnings {
    /// The number of a choice, and as bits the ways of it to be tried on a message: those whose literals it holds.
    ///
    /// None: the message does not begin as messages often do, or no choice is made. `candidates`: all ways whose
    /// patterns are for such lines, and whose regexes may match what begins so, in the order in which they are tried;
    /// only these of them, if some are named.
    pub fn find<'l>(
        &mut self,
        kind: u32,
        text: &[u8],
        candidates: impl Fn(&Begin, Option<&[Way]>) -> Vec<Candidate<'l>>,
    ) -> Option<(usize, Bits)> {
        let begin = Begin::of(text);
        let mut number = kind << 1 | u32::from(begin.client);
        // each step may ask once more, and numbers must not be those of others
        if kind >> (NUMBER_BITS - 1) > 0 || (self.asked + STEPS as u32) >> NUMBER_BITS > 0 {
            return None;
        }
        let mut choice: Option<u32> = None;
        let mut before: Option<&mut Asked> = None;
        for (nth, table) in self.tables.iter_mut().enumerate() {
            let choose = || {
                let left = choice.map(|number| self.choices.all[number as usize].ways.as_slice());
                let begin = begin.cut((nth + 1) * STEP);
                let candidates = candidates(&begin, left);
                self.asked += 1;
                self.choices.choose(self.asked, &begin, &candidates)
            };
            let stretch = begin.text.get(nth * STEP..).unwrap_or_default();
            let Some(asked) = known(table, key(number, stretch), choose) else { break };
            if let Some(before) = before {
                before.finds += 1;
            }
            (choice, number) = (asked.choice, asked.number);
            if !asked.is_worth_a_look() {
                break;
            }
            asked.looks += 1;
            before = Some(asked);
        }
        let number = choice? as usize;
        Some((number, self.choices.all[number].to_try(text)))
    }

    /// One way of a choice.
    pub fn way(&self, choice: usize, nth: u32) -> Way {
        self.choices.all[choice].ways[nth as usize]
    }
}

/// What is known of a beginning, now that it came once more; `choose` asks what is left.
fn known<'t>(table: &'t mut Map<Key, Known>, key: Key, choose: impl FnOnce() -> Asked) -> Option<&'t mut Asked> {
    if table.len() >= KEPT {
        make_room(table);
    }
    let known = table.entry(key).or_insert(Known::Seen(0));
    if let Known::Seen(count) = known {
        *count += 1;
        if *count >= OFTEN {
            *known = Known::Asked(choose());
        }
    }
    match known {
        Known::Seen(_) => None,
        Known::Asked(asked) => Some(asked),
    }
}

/// Forget the beginnings that do not come often, and all if that is not enough.
fn make_room(table: &mut Map<Key, Known>) {
    table.retain(|_, known| !matches!(known, Known::Seen(_)));
    if table.len() >= KEPT / 2 {
        table.clear();
    }
}

#[derive(Default)]
struct Choices {
    all: Vec<Choice>,
    numbers: Map<(Vec<Way>, Bits), u32>,
}

impl Choices {
    /// What is left where these candidates are; a choice of them, if there are not too many.
    fn choose(&mut self, number: u32, begin: &Begin, candidates: &[Candidate]) -> Asked {
        let few = candidates.len() <= FEW;
        let choice = if candidates.len() <= Bits::BITS as usize { self.choice(begin, candidates) } else { None };
        Asked { number, choice, few, looks: 0, finds: 0 }
    }

    fn choice(&mut self, begin: &Begin, candidates: &[Candidate]) -> Option<u32> {
        let is_sure = |literal: &str| memchr::memmem::find(begin.text, literal.as_bytes()).is_some();
        let sure =
            (0..).zip(candidates).fold(0, |sure, (nth, (_, literal))| sure | Bits::from(is_sure(literal)) << nth);
        let key = (candidates.iter().map(|(way, _)| *way).collect(), sure);
        if let Some(&number) = self.numbers.get(&key) {
            return Some(number);
        }
        if self.all.len() == CHOICES {
            return None;
        }
        self.all.push(Choice::new(&key.0, sure, candidates).ok()?);
        let number = self.all.len() as u32 - 1;
        self.numbers.insert(key, number);
        Some(number)
    }
}

impl Choice {
    fn new(ways: &[Way], sure: Bits, candidates: &[Candidate]) -> Result<Self, String> {
        let others = (0..).zip(candidates).filter(|(nth, _)| sure >> nth & 1 == 0);
        let mut literals: Vec<&str> = others.map(|(_, (_, literal))| *literal).collect();
        literals.sort_unstable();
        literals.dedup();
        let of = |literal: &&str| {
            let ways = (0..).zip(candidates).filter(|(_, (_, other))| other == literal);
            ways.fold(0, |bits, (nth, _)| bits | 1 << nth)
        };
        let of_literal = literals.iter().map(of).collect();
        let named: Vec<_> =
            (0..).zip(&literals).map(|(number, literal)| (number, literal.as_bytes().to_vec())).collect();
        let literals = named.chunks(AT_ONCE).filter_map(|some| Short::new(some.to_vec()).transpose());
        Ok(Choice { ways: ways.to_vec(), sure, literals: literals.collect::<Result<_, _>>()?, of_literal })
    }

    fn to_try(&self, text: &[u8]) -> Bits {
        let mut all = self.sure;
        for literals in &self.literals {
            literals.find(text, &mut |number| all |= self.of_literal[number as usize]);
        }
        all
    }
}

/// How a message begins.
#[derive(Clone, Copy)]
pub struct Begin<'t> {
    /// A client field is before it, as ModSecurity writes one: any client, since it says nothing of the message.
    pub client: bool,
    pub text: &'t [u8],
}

const CLIENT: &[u8] = b"[client ";

impl<'t> Begin<'t> {
    pub fn of(text: &'t [u8]) -> Self {
        if text.starts_with(CLIENT) {
            if let Some(end) = memchr::memchr(b']', &text[..text.len().min(LONGEST_CLIENT)]) {
                return Begin { client: true, text: &text[end..] };
            }
        }
        Begin { client: false, text }
    }

    /// At most this number of bytes of it.
    pub fn cut(&self, length: usize) -> Self {
        Begin { text: &self.text[..self.text.len().min(length)], ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_asked_about_once_it_has_come_often() {
        let mut beginnings = Beginnings::default();
        let asked = std::cell::Cell::new(0);
        let ask = |begin: &Begin, _: Option<&[Way]>| {
            asked.set(asked.get() + 1);
            let all = vec![((0, 0), "script unknown"), ((7, 1), "Primary"), ((3, 0), "000")];
            if begin.text.len() > STEP {
                all
            } else {
                all.repeat(50)
            }
        };
        for nth in 0..4 * OFTEN {
            let text = format!("Primary script unknown {nth:0100}");
            let found = beginnings.find(1, text.as_bytes(), ask);
            assert_eq!(found, (nth + 2 >= 2 * OFTEN).then_some((0, 0b111)), "{nth}");
        }
        assert_eq!((asked.get(), beginnings.way(0, 1)), (2, (7, 1)));
        assert_eq!(beginnings.find(2, b"Primary script unknown", ask), None);
    }

    #[test]
    fn more_of_a_message_is_looked_at_only_while_that_comes_often() {
        let mut beginnings = Beginnings::default();
        let ask = |begin: &Begin, _: Option<&[Way]>| vec![((begin.text.len() as u32, 0), "x"); 2 * FEW];
        for nth in 0..10 * TRIALS {
            beginnings.find(1, format!("PHP Warning: {nth:050}").as_bytes(), ask);
        }
        let lengths: Vec<usize> = beginnings.tables.iter().map(Map::len).collect();
        assert!(lengths[0] == 1 && lengths[1] > 0 && lengths[1] <= TRIALS as usize, "{lengths:?}");
        let (choice, _) = beginnings.find(1, b"PHP Warning: at last", ask).unwrap();
        assert_eq!(beginnings.way(choice, 0), (STEP as u32, 0));
    }

    #[test]
    fn no_two_stretches_have_one_key() {
        let mut keys = std::collections::HashMap::new();
        for before in [0, 1, 2, (1 << NUMBER_BITS) - 1] {
            for byte in [0, b'a', u8::MAX] {
                for length in 0..=STEP {
                    let mut text = vec![byte; length];
                    keys.entry(key(before, &text)).or_insert_with(Vec::new).push((before, text.clone()));
                    if length > 0 {
                        text[length - 1] = b'b';
                        keys.entry(key(before, &text)).or_insert_with(Vec::new).push((before, text));
                    }
                }
            }
        }
        // an empty stretch, and one byte that is replaced, are the same whatever was to be repeated
        for same in keys.values_mut() {
            same.dedup();
            assert_eq!(same.len(), 1, "{same:?}");
        }
        assert_eq!(key(1, &[b'a'; STEP]), key(1, &[b'a'; STEP + 1]), "no more than a step is looked at");
    }

    #[test]
    fn when_numbers_run_out_nothing_more_is_asked() {
        let ask = |_: &Begin, _: Option<&[Way]>| vec![((0, 0), "x"); 2 * FEW];
        let last = (1 << NUMBER_BITS) - STEPS as u32;
        for (asked, is_found) in [(last - 1, true), (last, false)] {
            let mut beginnings = Beginnings { asked, ..Beginnings::default() };
            let found = (0..OFTEN).filter_map(|_| beginnings.find(1, b"boom", ask)).count();
            assert_eq!(found, usize::from(is_found), "{asked}");
        }
        assert_eq!(Beginnings::default().find(1 << (NUMBER_BITS - 1), b"boom", ask), None);
    }
}
