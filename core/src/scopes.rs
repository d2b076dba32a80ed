//! Which patterns may be seen on which lines; `logsleuth/scan/scope.py` is the definition.

use crate::head::Kind;
use crate::library::{Library, Pattern};
use crate::Map;

/// What follows from program, module and level. Few of them differ in it, however many a log names.
#[derive(Default)]
pub struct Scopes {
    /// By pattern, whether it may be seen; each of these once.
    all: Vec<Box<[bool]>>,
    numbers: Map<Box<[bool]>, u32>,
    /// By program and number of the kind: the number of its scope.
    by_source: Map<String, Vec<u32>>,
}

/// Scopes by number of the kind, of one program's lines.
#[derive(Clone, Copy)]
pub struct InScope<'a> {
    all: &'a [Box<[bool]>],
    numbers: &'a [u32],
}

impl<'a> InScope<'a> {
    /// A scope and its number.
    pub fn of(&self, kind: usize) -> (u32, &'a [bool]) {
        let number = self.numbers[kind];
        (number, &self.all[number as usize])
    }
}

impl Scopes {
    /// The scopes of a program's lines, with those of kinds that are new.
    pub fn learn(&mut self, library: &Library, source: &str, kinds: &[Kind]) -> InScope<'_> {
        let numbers = self.by_source.entry(source.to_string()).or_default();
        for kind in &kinds[numbers.len()..] {
            let scope: Box<[bool]> = library.patterns.iter().map(|pattern| in_scope(pattern, kind, source)).collect();
            let next = self.all.len() as u32;
            let number = *self.numbers.entry(scope.clone()).or_insert(next);
            if number == next {
                self.all.push(scope);
            }
            numbers.push(number);
        }
        InScope { all: &self.all, numbers }
    }
}

fn in_scope(pattern: &Pattern, kind: &Kind, source: &str) -> bool {
    let (module, level) = &**kind;
    let names = |names: &[String], name: &str| names.iter().any(|one| one == name);
    (if pattern.sources.is_empty() { source == "httpd" } else { names(&pattern.sources, source) })
        && (pattern.modules.is_empty() || names(&pattern.modules, module))
        && (pattern.levels.is_empty() || level.is_empty() || names(&pattern.levels, level))
}
