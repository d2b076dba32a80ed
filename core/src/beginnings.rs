//! Which patterns a line may match, remembered by how its message begins; `logsleuth/scan/beginnings.py` does the same
//! for the reference. Nothing here changes what is found, only how fast.
//!
//! A log says the same few things over and over, each time with another path, client or number behind the first words.
//! Regexes are anchored, so the first bytes of a message rule out nearly all of them, whatever follows: then the rest
//! needs no search for every literal of the library, but for the few that are left.

use std::hash::{Hash, Hasher};

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use crate::literals::Short;
use crate::Map;

/// Bytes of a message that are looked at: first a code of httpd's and a word, and seldom anything that varies; where
/// more ways than `FEW` are left (PHP's messages within FPM's), some more, as long as those come often too.
const LENGTHS: [usize; 4] = [12, 24, 36, LONGEST];
const LONGEST: usize = 60;
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

/// A message's module and level, by number, and how it begins.
struct Key {
    kind: u32,
    client: bool,
    length: u8,
    bytes: [u8; LONGEST],
}

impl Key {
    fn new(kind: u32, begin: &Begin) -> Self {
        let length = begin.text.len();
        let mut key = Key { kind, client: begin.client, length: length as u8, bytes: [0; LONGEST] };
        key.bytes[..length].copy_from_slice(begin.text);
        key
    }

    fn parts(&self) -> (u32, bool, &[u8]) {
        (self.kind, self.client, &self.bytes[..self.length as usize])
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

/// What one thread remembers of the beginnings of lines.
#[derive(Default)]
pub struct Beginnings {
    /// By how many bytes are looked at.
    tables: [Map<Key, Known>; LENGTHS.len()],
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
        let mut choice: Option<u32> = None;
        let mut before: Option<&mut Asked> = None;
        for (table, length) in self.tables.iter_mut().zip(LENGTHS) {
            let choose = |begin: &Begin| {
                let left = choice.map(|number| self.choices.all[number as usize].ways.as_slice());
                let candidates = candidates(begin, left);
                self.choices.choose(begin, &candidates)
            };
            let Some(asked) = known(table, kind, &begin.cut(length), choose) else { break };
            if let Some(before) = before {
                before.finds += 1;
            }
            choice = asked.choice;
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
fn known<'t>(
    table: &'t mut Map<Key, Known>,
    kind: u32,
    begin: &Begin,
    choose: impl FnOnce(&Begin) -> Asked,
) -> Option<&'t mut Asked> {
    if table.len() >= KEPT {
        make_room(table);
    }
    let known = table.entry(Key::new(kind, begin)).or_insert(Known::Seen(0));
    if let Known::Seen(count) = known {
        *count += 1;
        if *count >= OFTEN {
            *known = Known::Asked(choose(begin));
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
    fn choose(&mut self, begin: &Begin, candidates: &[Candidate]) -> Asked {
        let few = candidates.len() <= FEW;
        let choice = if candidates.len() <= Bits::BITS as usize { self.choice(begin, candidates) } else { None };
        Asked { choice, few, looks: 0, finds: 0 }
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
    client: bool,
    text: &'t [u8],
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

/// Whether a regex may match, at its start, a text of one line that begins so.
///
/// What a word boundary or an end of the line would rule out is not ruled out.
pub fn may_match(hir: &Hir, begin: &Begin) -> bool {
    let mut walk = Walk::along(begin);
    let start = walk.on(1);
    walk.after(hir, start) != 0 || walk.open
}

/// A walk through a regex along the beginning of a text. Places in the text are bits, the first the lowest.
struct Walk {
    symbols: Vec<Symbol>,
    /// Some path came to the end of the beginning, and may go on in what follows.
    open: bool,
}

enum Symbol {
    Byte(u8),
    /// Any client: bytes without a bracket.
    Client,
}

impl Walk {
    fn along(begin: &Begin) -> Self {
        let client = CLIENT.iter().map(|&byte| Symbol::Byte(byte)).chain([Symbol::Client]);
        let text = begin.text.iter().map(|&byte| Symbol::Byte(byte));
        let symbols = client.take(if begin.client { CLIENT.len() + 1 } else { 0 }).chain(text);
        // the last bit is for the end
        Walk { symbols: symbols.take(u64::BITS as usize - 1).collect(), open: false }
    }

    /// These places, and those behind a client that is left out.
    fn on(&self, places: u64) -> u64 {
        let client = places.trailing_zeros() as usize;
        match self.symbols.get(client) {
            Some(Symbol::Client) => places | 1 << (client + 1),
            _ => places,
        }
    }

    /// The places at which a part may end that starts at one of these.
    fn after(&mut self, hir: &Hir, places: u64) -> u64 {
        if places == 0 || self.open {
            return 0;
        }
        match hir.kind() {
            HirKind::Empty => places,
            HirKind::Look(Look::Start | Look::StartLF) => places & 1,
            HirKind::Look(_) => places,
            HirKind::Literal(literal) => {
                literal.0.iter().fold(places, |places, &byte| self.step(places, |b| b == byte))
            }
            HirKind::Class(Class::Bytes(class)) => {
                let ranges = class.ranges();
                self.step(places, |byte| ranges.iter().any(|range| range.start() <= byte && byte <= range.end()))
            }
            HirKind::Class(Class::Unicode(_)) => {
                self.open = true;
                0
            }
            HirKind::Capture(group) => self.after(&group.sub, places),
            HirKind::Concat(parts) => parts.iter().fold(places, |places, part| self.after(part, places)),
            HirKind::Alternation(parts) => parts.iter().fold(0, |all, part| all | self.after(part, places)),
            HirKind::Repetition(one) => self.after_rounds(one, places),
        }
    }

    fn after_rounds(&mut self, one: &Repetition, places: u64) -> u64 {
        // each round takes a byte or changes nothing, so that more rounds than bytes make no difference
        let least = one.min.min(self.symbols.len() as u32 + 1);
        let mut now = (0..least).fold(places, |places, _| self.after(&one.sub, places));
        let mut all = now;
        let mut rounds = one.max.map_or(u32::MAX, |max| max - one.min);
        while now != 0 && rounds > 0 {
            now = self.after(&one.sub, now) & !all;
            all |= now;
            rounds -= 1;
        }
        all
    }

    /// One byte further, from the places where such a byte may be.
    fn step(&mut self, mut places: u64, is_it: impl Fn(u8) -> bool) -> u64 {
        let mut next = 0;
        while places != 0 {
            let at = places.trailing_zeros() as usize;
            places &= places - 1;
            match self.symbols.get(at) {
                None => self.open = true,
                Some(Symbol::Byte(byte)) if is_it(*byte) => next |= self.on(1 << (at + 1)),
                Some(Symbol::Byte(_)) => {}
                // whatever is read of it, it may go on or end
                Some(Symbol::Client) if (0..=u8::MAX).any(|byte| byte != b']' && is_it(byte)) => {
                    next |= self.on(1 << at)
                }
                Some(Symbol::Client) => {}
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regex::{compile, parse};

    #[test]
    fn a_regex_that_matches_a_text_may_match_what_it_begins_with() {
        let sources = [
            "^(?:AH\\d{5}: )?File does not exist: (?P<path>[^\\n]{1,300})",
            "^(?:\\(\\d+\\)[^:]{1,80}: )?AH00957: (?:https?|ajp): attempt",
            "^boom\\b(?:s| [a-c]{2,4}){1,3}$",
            "^[^\\n]{0,20}x{3}y",
            "^(?:a|bc)*d",
            "^a?b{0}c{1,}",
        ];
        let texts: [&[u8]; 8] = [
            b"AH00128: File does not exist: /a",
            b"(111)Connection refused: AH00957: http: attempt to",
            b"boom abc bb",
            b"12345 xxxy",
            b"abcaad",
            b"bcbcd",
            b"bccc",
            b"AH00128: File exists",
        ];
        for source in sources {
            let (hir, regex) = (parse(source).unwrap(), compile(source).unwrap());
            for text in texts {
                for length in 0..=text.len() {
                    assert!(
                        !regex.is_match(text) || may_match(&hir, &Begin::of(text).cut(length)),
                        "{source} {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_first_bytes_rule_a_regex_out() {
        let rules_out = |source: &str, begin: &[u8]| !may_match(&parse(source).unwrap(), &Begin::of(begin));
        assert!(rules_out("^(?:AH\\d{5}: )?File does not exist: ", b"AH00128: Fine"));
        assert!(rules_out("^(?:AH\\d{5}: )?File", b"AH0012: "));
        assert!(rules_out("^[a-c]{2,4}$x", b"abcdd"));
        assert!(!rules_out("^[^\\n]{0,4000}boom", b"anything at all"));
        assert!(!rules_out("^boom", b""));
        assert!(rules_out("^(?:\\[client [^\\]]*\\] )?boom", b"[client 192.0.2.7] bang"));
        assert!(!rules_out("^(?:\\[client [^\\]]*\\] )?boom", b"[client 192.0.2.7] boom"));
        assert!(!rules_out("^\\[client 192.0.2.8\\] boom", b"[client 192.0.2.7] boom"), "another may come");
    }

    #[test]
    fn a_beginning_is_asked_about_once_it_has_come_often() {
        let mut beginnings = Beginnings::default();
        let asked = std::cell::Cell::new(0);
        let ask = |begin: &Begin, _: Option<&[Way]>| {
            asked.set(asked.get() + 1);
            let all = vec![((0, 0), "script unknown"), ((7, 1), "Primary"), ((3, 0), "000")];
            if begin.text.len() > LENGTHS[0] {
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
        assert_eq!(beginnings.way(choice, 0), (LENGTHS[0] as u32, 0));
    }
}
