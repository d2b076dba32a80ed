//! What Python sees: a library of patterns, and the tally of one thread.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList, PyString, PyTuple};

use crate::access::Layout;
use crate::bykey::{KeyCounts, SumsByKey};
use crate::given;
use crate::head::{Kind, Kinds};
use crate::library::{self, Library, Matcher};
use crate::lines::Lines;
use crate::machine::{GivenNode, Machine};
use crate::records::{self, Answer, Known, Record, Wrapper};
use crate::regex::compile;
use crate::scan::{Block, Format, How, Session};
use crate::stamp::{GivenStamp, Stamp};
use crate::tally::{
    Answers, Caps, Counts, Durations, Fields, Kept, LogTally, PatternTally, Series, Sighting, Tally, Traffic,
};
use crate::text::message_of;
use crate::zone::Shift;
use crate::Map;

/// Counted up whenever this file or `logsleuth/scan/core.py` changes what passes between them.
const INTERFACE: u32 = 13;
/// Bytes: places in a block, and in what is made of its lines, are numbers of 32 bits.
const LARGEST_BLOCK: usize = 512 << 20;

/// All patterns, made ready for matching.
#[pyclass(frozen, name = "Library")]
struct PyLibrary {
    library: Library,
}

#[pymethods]
impl PyLibrary {
    /// `patterns`: as `given.rs` reads them; `ask(pattern, way, text)`: the line, fields and subject of a match that
    /// only Python can find, or None.
    #[new]
    fn new(patterns: &[u8], ask: PyObject) -> PyResult<Self> {
        let patterns = given::patterns(patterns).map_err(PyValueError::new_err)?;
        let ask = Box::new(move |p: u32, m: u32, text: &[u8]| -> Option<library::Answer> {
            Python::with_gil(|py| {
                let said = ask.call1(py, (p, m, PyBytes::new(py, text)));
                said.and_then(|said| said.extract(py)).unwrap_or_else(|error| {
                    error.print(py);
                    None
                })
            })
        });
        let library = Library::new(patterns, ask).map_err(PyValueError::new_err)?;
        Ok(PyLibrary { library })
    }
}

/// Why a regex is not linear (it looks around or back) or no regex at all; None: it is fine.
#[pyfunction]
fn why_not_linear(source: &str) -> Option<String> {
    compile(source).err()
}

/// Whether a regex matches a text: for tests of the syntax.
#[pyfunction]
fn is_match(source: &str, text: &[u8]) -> PyResult<bool> {
    Ok(compile(source).map_err(PyValueError::new_err)?.is_match(text))
}

/// A LogFormat: its pieces (what each is, the text that goes with it, its group), and microseconds of a unit of the time
/// that a request took.
type GivenLayout = (Vec<(String, Vec<u8>, String)>, i64);

/// How an access log is read.
#[pyclass(frozen, name = "Access")]
struct PyAccess {
    layouts: Vec<Layout>,
    shift: PyObject,
}

#[pymethods]
impl PyAccess {
    /// `shift(microseconds)`: by how many microseconds the local time is east of UTC at a moment in UTC.
    ///
    /// ValueError: Python must read such a format.
    #[new]
    fn new(layouts: Vec<GivenLayout>, shift: PyObject) -> PyResult<Self> {
        let layouts = layouts.iter().map(|(pieces, unit)| Layout::new(pieces, *unit));
        let layouts = layouts.collect::<Result<_, _>>().map_err(PyValueError::new_err)?;
        Ok(PyAccess { layouts, shift })
    }

    /// What a line says, for tests: by group, as far as its format has it; None: it is in none of the formats.
    fn read<'l>(&self, line: &'l [u8]) -> Option<Vec<(&'static str, &'l [u8])>> {
        self.layouts.iter().find_map(|layout| layout.groups(line))
    }
}

/// How a log in another format than httpd's defaults is read.
#[pyclass(frozen, name = "Records")]
struct PyRecords {
    wrapper: Option<Wrapper>,
    machines: Vec<Machine>,
    shift: PyObject,
    ask: PyObject,
}

/// An `ErrorLogFormat`: its states, the one where a line starts, and what its time looks like, if it has one.
type GivenMachine = (Vec<GivenNode>, usize, Option<GivenStamp>);

/// Of a line: its local time, module and level, pid, tid, client, text, and whether it is damaged; None: it is passed over.
type Read = Option<(Option<i64>, Option<(String, String)>, u64, u64, Vec<u8>, Vec<u8>, bool)>;

#[pymethods]
impl PyRecords {
    /// `wrapper`: `docker`, `cri`, `syslog` or none of these; `newest`: year, month and day of the log's last change;
    /// `formats`: the `ErrorLogFormat`s that its lines are in, and `errors` in words that are known; `shift`: as for
    /// `Access`; `ask(line)`: what the log's reader makes of a line.
    ///
    /// ValueError: Python must read such a format.
    #[new]
    fn new(
        wrapper: &str,
        newest: (i64, i64, i64),
        formats: Vec<GivenMachine>,
        errors: Vec<Vec<u8>>,
        shift: PyObject,
        ask: PyObject,
    ) -> PyResult<Self> {
        let (year, month, day) = newest;
        let machine = |(nodes, start, stamp): GivenMachine| {
            let stamp = stamp.map(|given| Stamp::new(given).ok_or("a time that Python reads")).transpose()?;
            Machine::new(nodes, start, stamp, &errors)
        };
        let machines = formats.into_iter().map(machine).collect::<Result<_, _>>().map_err(PyValueError::new_err)?;
        let wrapper = match wrapper {
            "docker" => Some(Wrapper::Docker),
            "cri" => Some(Wrapper::Cri),
            "syslog" => Some(Wrapper::Syslog(year, month, day)),
            _ => None,
        };
        Ok(PyRecords { wrapper, machines, shift, ask })
    }

    /// What a line in one of the formats says, for tests, as `ask` would say it; None: it would be asked.
    fn read(&self, line: &[u8]) -> Read {
        let shift = |utc| shifted(&self.shift, utc);
        let (kinds, lines) = (&mut Kinds::new(), &mut Lines::new(line, Vec::new(), true));
        let read = records::read_plainly(self.known(&shift), line, lines, kinds)?;
        let kind = read.kind.map(|kind| (*kinds.names[kind as usize]).clone());
        let time = read.dated.then_some(read.time);
        Some((time, kind, read.pid, read.tid, lines.client(&read).into(), lines.rest(&read).into(), read.damaged))
    }

    /// Whether nearly all lines are read without asking.
    #[getter]
    fn reads(&self) -> bool {
        self.wrapper.is_some() || !self.machines.is_empty()
    }
}

impl PyRecords {
    fn known<'a>(&'a self, shift: Shift<'a>) -> Known<'a> {
        match self.wrapper {
            Some(wrapper) => Known::Wrapped { wrapper, shift },
            None if self.machines.is_empty() => Known::Nothing,
            None => Known::Formats { machines: &self.machines, shift },
        }
    }

    fn ask(&self, line: &[u8]) -> PyResult<Answer> {
        Python::with_gil(|py| {
            let read: Read = self.ask.call1(py, (PyBytes::new(py, line),))?.extract(py)?;
            Ok(match read {
                None => Answer::PassedOver,
                Some((time, kind, pid, tid, client, rest, damaged)) => {
                    Answer::Record(Record { time, kind, pid, tid, client, rest, damaged })
                }
            })
        })
    }
}

/// By how many microseconds a local time is east of UTC, as Python has it.
fn shifted(shift: &PyObject, utc: i64) -> i64 {
    Python::with_gil(|py| {
        let said = shift.call1(py, (utc,));
        said.and_then(|said| said.extract(py)).unwrap_or_else(|error| {
            error.print(py);
            0
        })
    })
}

/// The tally of one thread. Blocks of several logs may be added.
#[pyclass(frozen, name = "Scan")]
struct PyScan {
    session: Mutex<Session>,
}

#[pymethods]
impl PyScan {
    /// `caps`: how much is kept, in the order of `tally.rs`.
    #[new]
    fn new(caps: Vec<i64>) -> PyResult<Self> {
        let [a, b, c, d, e, f, g, h, width, widest, k, l, m, n, o] = caps[..] else {
            return Err(PyValueError::new_err("fifteen bounds are wanted"));
        };
        let caps = Caps {
            moments_a_pattern: a as usize,
            moments_of_noise: b as usize,
            pids_a_pattern: c as usize,
            clients_a_pattern: d as usize,
            seconds_served: e as usize,
            moments_a_template: f as usize,
            templates: g as usize,
            signs: h as usize,
            sign_width: width,
            widest_sign: widest,
            samples: k as usize,
            steps: l as usize,
            seconds_of_traffic: m as usize,
            keys_of_traffic: n as usize,
            durations: o as usize,
        };
        Ok(PyScan { session: Mutex::new(Session::new(caps)) })
    }

    /// Add what a block owns: `data` starts at byte `base` of its log, and the last `padding` bytes mean nothing.
    ///
    /// `access` or `records`: how its lines are read; None: as httpd's default formats for errors, `vhost` with a
    /// server's name. Errors of the reader that is asked are raised, and nothing is added.
    #[pyo3(signature = (library, log, base, data, padding, own_begin, own_end, *, source, access, records, vhost, since, until, span))]
    #[allow(clippy::too_many_arguments)]
    fn update(
        &self,
        py: Python<'_>,
        library: &PyLibrary,
        log: u64,
        base: u64,
        data: &[u8],
        padding: usize,
        own_begin: u64,
        own_end: u64,
        source: &str,
        access: Option<&PyAccess>,
        records: Option<&PyRecords>,
        vhost: bool,
        since: Option<i64>,
        until: Option<i64>,
        span: u32,
    ) -> PyResult<()> {
        let data = &data[..data.len().saturating_sub(padding)];
        if data.len() >= LARGEST_BLOCK {
            return Err(PyValueError::new_err("a block has at most 512 MB"));
        }
        let block = Block { log, base, data, own_begin, own_end };
        let failure = Mutex::new(None);
        py.allow_threads(|| {
            let ask = |line: &[u8]| match records.map(|records| records.ask(line)) {
                Some(Ok(answer)) => answer,
                None => Answer::PassedOver,
                Some(Err(error)) => {
                    *failure.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(error);
                    Answer::Failed
                }
            };
            let shift = access.map(|access| &access.shift).or(records.map(|records| &records.shift));
            let shift = |utc| shift.map_or(0, |shift| shifted(shift, utc));
            let format = match (access, records) {
                (Some(access), _) => Format::Access { layouts: &access.layouts, shift: &shift },
                (None, Some(records)) => Format::Records { known: records.known(&shift), ask: &ask },
                (None, None) => Format::Errors { vhost },
            };
            let how = How { source, format, since, until, span };
            let mut session = self.session.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            session.update(&library.library, &how, &block);
        });
        failure.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()).map_or(Ok(()), Err)
    }

    /// Add what another thread tallied, and leave nothing there.
    fn merge(&self, py: Python<'_>, other: &PyScan) {
        py.allow_threads(|| {
            let theirs = other.session.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
            self.session.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).tally.merge(theirs);
        });
    }

    /// What was tallied, as tuples and dicts, and leave nothing here.
    ///
    /// `sighting`: makes a Sighting of a tuple of its fields.
    fn take<'py>(
        &self,
        py: Python<'py>,
        library: &PyLibrary,
        sighting: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let mut session = self.session.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let tally = session.take();
        let matcher = session.matcher(&library.library);
        let (made, kinds, numbers) = Default::default();
        Export { py, matcher, make: sighting, made, kinds, numbers }.whole(tally)
    }
}

/// Makes a tally Python's.
struct Export<'py, 'l> {
    py: Python<'py>,
    matcher: Matcher<'l>,
    /// Makes a Sighting of a tuple of its fields.
    make: Bound<'py, PyAny>,
    /// Sightings by the address of the line: one line may be kept for a moment, for a pid and for its log.
    made: Map<*const Sighting, Bound<'py, PyAny>>,
    /// Modules and levels, by the address of the pair.
    kinds: Map<*const (String, String), (Bound<'py, PyString>, Bound<'py, PyString>)>,
    /// Numbers that thousands of sightings share: where a block begins, and which process or thread wrote.
    numbers: Map<u64, Bound<'py, PyInt>>,
}

impl<'py> Export<'py, '_> {
    /// Each part is freed as soon as it is made: no memory is allocated here for lines, so that no address is used again.
    fn whole(&mut self, tally: Tally) -> PyResult<Bound<'py, PyDict>> {
        let py = self.py;
        let out = PyDict::new(py);
        let patterns = PyDict::new(py);
        for (number, pattern) in tally.patterns {
            patterns.set_item(number, self.pattern(&pattern)?)?;
        }
        let templates = PyDict::new(py);
        for (key, one) in tally.templates {
            templates.set_item(key, self.series(&one)?)?;
        }
        let logs = PyDict::new(py);
        for (number, log) in &tally.logs {
            logs.set_item(number, self.log(log)?)?;
        }
        let signs = PyDict::new(py);
        for (key, sign) in &tally.signs.items {
            signs.set_item(key, (sign.first, sign.last, sign.count))?;
        }
        out.set_item("patterns", patterns)?;
        out.set_item("templates", templates)?;
        out.set_item("logs", logs)?;
        out.set_item("signs", (tally.signs.width, signs))?;
        out.set_item("served", counts(py, &tally.served)?)?;
        let all = PyDict::new(py);
        for (number, one) in &tally.traffic {
            all.set_item(number, traffic(py, one)?)?;
        }
        out.set_item("traffic", all)?;
        Ok(out)
    }

    fn pattern(&mut self, pattern: &PatternTally) -> PyResult<Bound<'py, PyTuple>> {
        let by_pid = PyDict::new(self.py);
        for (pid, one) in &pattern.by_pid {
            by_pid.set_item(pid, (one.count, self.sighting(&one.first)?, self.sighting(&one.last)?))?;
        }
        let last = self.maybe(&pattern.last)?;
        (self.series(&pattern.series)?, last, by_pid, keys(self.py, &pattern.clients)?).into_pyobject(self.py)
    }

    fn series(&mut self, series: &Series) -> PyResult<Bound<'py, PyTuple>> {
        let buckets = PyDict::new(self.py);
        for (number, moment) in &series.buckets {
            buckets.set_item(number, (moment.count, self.sighting(&moment.first)?, moment.last))?;
        }
        (series.width, buckets).into_pyobject(self.py)
    }

    fn log(&mut self, log: &LogTally) -> PyResult<Bound<'py, PyDict>> {
        let py = self.py;
        let out = PyDict::new(py);
        for (name, count) in [
            ("bytes", log.bytes),
            ("lines", log.lines),
            ("records", log.records),
            ("bare", log.bare),
            ("joined", log.joined),
            ("unparsed", log.unparsed),
            ("long", log.long),
            ("odd_bytes", log.odd_bytes),
            ("stepped", log.stepped),
        ] {
            out.set_item(name, count)?;
        }
        out.set_item("foreign", log.foreign)?;
        out.set_item("first", self.maybe(&log.first)?)?;
        out.set_item("last", self.maybe(&log.last)?)?;
        let samples = PyList::empty(py);
        for sample in &log.samples {
            samples.append(self.sighting(sample)?)?;
        }
        out.set_item("samples", samples)?;
        let steps = PyList::empty(py);
        for (size, line) in &log.steps {
            steps.append((size, self.sighting(line)?))?;
        }
        out.set_item("steps", steps)?;
        let (blocks, kinds) = (PyDict::new(py), PyDict::new(py));
        for (begin, lines) in &log.blocks {
            blocks.set_item(begin, lines)?;
        }
        for ((module, level), count) in &log.kinds {
            kinds.set_item((module, level), count)?;
        }
        out.set_item("blocks", blocks)?;
        out.set_item("kinds", kinds)?;
        Ok(out)
    }

    fn maybe(&mut self, one: &Option<Kept>) -> PyResult<Option<Bound<'py, PyAny>>> {
        one.as_ref().map(|one| self.sighting(one)).transpose()
    }

    fn sighting(&mut self, one: &Kept) -> PyResult<Bound<'py, PyAny>> {
        let address = Arc::as_ptr(one);
        if let Some(made) = self.made.get(&address) {
            return Ok(made.clone());
        }
        let fields = self.fields_of(one)?;
        let made = self.make.call1((fields,))?;
        self.made.insert(address, made.clone());
        Ok(made)
    }

    /// The fields of Sighting, in order.
    fn fields_of(&mut self, one: &Sighting) -> PyResult<Bound<'py, PyTuple>> {
        let py = self.py;
        let fields = match &one.fields {
            Fields::Found(fields) => self.fields(fields)?,
            Fields::Later { pattern, way, from } => {
                let fields = self.matcher.captured(*pattern, *way, &message_of(&one.raw[*from..]), false);
                self.fields(&fields)?
            }
        };
        let (module, level) = self.kind(&one.kind);
        let words = match one.words() {
            words if words.is_empty() => PyString::intern(py, "").into_any(),
            words => PyString::new(py, &words).into_any(),
        };
        let items: [Bound<'py, PyAny>; 14] = [
            one.time.into_pyobject(py)?.into_any(),
            one.log.into_pyobject(py)?.into_any(),
            one.offset.into_pyobject(py)?.into_any(),
            self.number(one.block)?,
            one.nth.into_pyobject(py)?.into_any(),
            module.into_any(),
            level.into_any(),
            self.number(one.reporter)?,
            self.number(one.tid)?,
            self.number(one.subject)?,
            PyString::new(py, &one.text()).into_any(),
            fields.into_any(),
            one.dated.into_pyobject(py)?.to_owned().into_any(),
            words,
        ];
        PyTuple::new(py, items)
    }

    fn number(&mut self, number: u64) -> PyResult<Bound<'py, PyAny>> {
        if let Some(made) = self.numbers.get(&number) {
            return Ok(made.clone().into_any());
        }
        let made = number.into_pyobject(self.py)?;
        self.numbers.insert(number, made.clone());
        Ok(made.into_any())
    }

    fn kind(&mut self, kind: &Kind) -> (Bound<'py, PyString>, Bound<'py, PyString>) {
        let named = |name: &str| PyString::intern(self.py, name);
        self.kinds.entry(Arc::as_ptr(kind)).or_insert_with(|| (named(&kind.0), named(&kind.1))).clone()
    }

    fn fields(&self, fields: &[(String, String)]) -> PyResult<Bound<'py, PyTuple>> {
        let named = fields.iter().map(|(name, value)| (PyString::intern(self.py, name), value));
        PyTuple::new(self.py, named)
    }
}

fn counts<'py>(py: Python<'py>, counts: &Counts) -> PyResult<Bound<'py, PyTuple>> {
    let buckets = PyDict::new(py);
    for (number, count) in &counts.buckets {
        buckets.set_item(number, count)?;
    }
    (counts.width, buckets).into_pyobject(py)
}

fn durations<'py>(py: Python<'py>, durations: &Durations) -> PyResult<Bound<'py, PyTuple>> {
    let buckets = PyDict::new(py);
    for (key, count) in &durations.buckets {
        buckets.set_item(key, count)?;
    }
    (durations.width, buckets).into_pyobject(py)
}

fn keys<'py>(py: Python<'py>, counts: &KeyCounts) -> PyResult<Bound<'py, PyTuple>> {
    let kept = PyDict::new(py);
    for (key, (_, count)) in &counts.kept {
        kept.set_item(text(key), count)?;
    }
    (counts.total, kept).into_pyobject(py)
}

/// A key that was made of text.
fn text(key: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(key)
}

/// Its fields, in order.
fn traffic<'py>(py: Python<'py>, traffic: &Traffic) -> PyResult<Bound<'py, PyTuple>> {
    (
        counts(py, &traffic.all)?,
        counts(py, &traffic.failed)?,
        counts(py, &traffic.refused)?,
        counts(py, &traffic.redirected)?,
        durations(py, &traffic.took)?,
        answers(py, &traffic.by_client)?,
        answers(py, &traffic.by_path)?,
        answers(py, &traffic.by_vhost)?,
    )
        .into_pyobject(py)
}

fn answers<'py>(py: Python<'py>, sums: &SumsByKey<Answers>) -> PyResult<Bound<'py, PyTuple>> {
    let one = |answers: &Answers| (answers.requests, answers.refused, answers.failed, answers.redirected);
    let kept = PyDict::new(py);
    for (key, (_, sum)) in &sums.kept {
        kept.set_item(text(key), one(sum))?;
    }
    (one(&sums.total), kept).into_pyobject(py)
}

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("INTERFACE", INTERFACE)?;
    module.add_class::<PyLibrary>()?;
    module.add_class::<PyAccess>()?;
    module.add_class::<PyRecords>()?;
    module.add_class::<PyScan>()?;
    module.add_function(wrap_pyfunction!(is_match, module)?)?;
    module.add_function(wrap_pyfunction!(why_not_linear, module)?)
}
