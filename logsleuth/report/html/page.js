// The page is whole without this: it adds charts, filters and a drawer with the neighbourhood of each line.
// Text of the log is written by textContent and fillText only.
"use strict";
(() => {
  const pictures = JSON.parse(document.getElementById("data").textContent);
  const SECOND = 1000;
  const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
  const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7];
  const BARS = 120; // at most, over the width of the chart
  const LANE = 20; // pixels
  const SHADES = ["--s1", "--s2", "--s3", "--s4", "--s5", "--s6"];
  const FONT = "12px system-ui, sans-serif";
  const charts = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const all = (root, selector) => Array.from(root.querySelectorAll(selector));

  function make(tag, attributes = {}, text = "") {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  }

  // ---- times ------------------------------------------------------------------------------------------------

  function formatter(zone, options) {
    try {
      return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
    } catch {
      return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", hourCycle: "h23", ...options });
    }
  }

  function offset(ms) {
    const seconds = Math.round(Math.abs(ms) / SECOND);
    const two = (number) => String(number).padStart(2, "0");
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return `T${ms < 0 && seconds ? "-" : "+"}${h ? `${h}:` : ""}${two(m)}:${two(s)}`;
  }

  function duration(seconds) {
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3600) return `${Math.round(seconds / 6) / 10} min`;
    return `${Math.round(seconds / 360) / 10} h`;
  }

  const laneLabel = (lane) => `${lane.pid} ${lane.how || "not lost"}${lane.inferred ? " ~" : ""}`;

  // ---- a chart over time: axes in the log's zone, zoom by button, key and mouse ---------------------------------

  class Chart {
    constructor(root, picture) {
      this.root = root;
      this.picture = picture;
      this.clock = formatter(picture.zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
      this.range = [picture.from, Math.max(picture.to, picture.from + 2 * SECOND)];
      this.whole = [...this.range];
      this.holder = root.querySelector(".plots");
      this.readout = root.querySelector(".readout");
      this.plots = [];
    }

    begin() {
      this.root.querySelector(".chart").hidden = false;
      this.draw();
      this.setUpZoom();
    }

    gutter() {
      return 56;
    }

    placeMarkers() {}

    options(height, more) {
      const sync = `chart-${this.picture.id}`;
      const ink = colour("--quiet");
      const line = colour("--line");
      return {
        width: Math.max(this.holder.clientWidth - 2, 200), height, legend: { show: false }, padding: [8, 14, 0, 0],
        tzDate: (seconds) => this.wall(seconds * SECOND),
        cursor: { sync: { key: sync, scales: ["x", null] }, drag: { x: true, y: false, setScale: false }, y: false, points: { show: false } },
        select: { show: true, left: 0, top: 0, width: 0, height: 0 },
        ...more,
        scales: { x: { time: true, range: () => this.range.map((ms) => ms / SECOND) }, ...more.scales },
        axes: [
          { size: 30, space: 72, stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line }, font: FONT, labelFont: FONT, labelSize: 18,
            label: `Time in ${this.picture.zone_name}`, labelGap: 0, values: (plot, splits) => splits.map((split) => this.tick(split)), ...more.x },
          ...more.axes.map((axis) => ({ stroke: ink, grid: { show: false }, ticks: { show: false }, font: FONT, labelFont: FONT, labelSize: 18, ...axis })),
        ],
        hooks: {
          ...more.hooks,
          setSelect: [(plot) => this.zoomTo(plot)],
          setCursor: [(plot) => this.tell(plot)],
          ready: [(plot) => plot.over.addEventListener("dblclick", () => this.show(...this.whole))],
        },
      };
    }

    wall(ms) {
      // uPlot reads local fields of a Date: one that shows the wall time of the log's zone
      const parts = Object.fromEntries(this.fields.formatToParts(new Date(ms)).map((part) => [part.type, Number(part.value)]));
      return new Date(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second, ms % SECOND);
    }

    get fields() {
      this.wallFormat ??= formatter(this.picture.zone, { year: "numeric", month: "numeric", day: "numeric",
        hour: "numeric", minute: "numeric", second: "numeric" });
      return this.wallFormat;
    }

    tick(seconds) {
      const text = this.clock.format(new Date(seconds * SECOND));
      const wide = this.range[1] - this.range[0];
      if (wide > 3 * 86400 * SECOND) {
        this.days ??= formatter(this.picture.zone, { day: "2-digit", month: "short" });
        return this.days.format(new Date(seconds * SECOND));
      }
      return wide > 600 * SECOND ? text.slice(0, 5) : text;
    }

    step() {
      const least = (this.range[1] - this.range[0]) / SECOND / BARS;
      return (STEPS.find((step) => step >= least) ?? 86400) * SECOND;
    }

    // ---- zoom ----

    setUpZoom() {
      for (const button of all(this.root, "[data-zoom]")) button.addEventListener("click", () => this.move(button.dataset.zoom));
      const keys = { ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", "-": "out", 0: "all" };
      this.holder.addEventListener("keydown", (event) => {
        if (event.target !== this.holder || event.ctrlKey || event.metaKey || event.altKey) return;
        if (!(event.key in keys)) return;
        event.preventDefault();
        this.move(keys[event.key]);
      });
      let width = this.holder.clientWidth;
      new ResizeObserver(() => {
        if (this.holder.clientWidth === width || !this.holder.clientWidth) return;
        width = this.holder.clientWidth;
        this.draw();
      }).observe(this.holder);
    }

    move(how) {
      const [from, to] = this.range;
      const [wide, middle] = [to - from, (to + from) / 2];
      const moves = {
        in: [middle - wide / 4, middle + wide / 4], out: [middle - wide, middle + wide], all: this.whole,
        left: [from - wide / 4, to - wide / 4], right: [from + wide / 4, to + wide / 4],
      };
      this.show(...moves[how]);
    }

    show(from, to) {
      const wide = Math.min(Math.max(to - from, 5 * SECOND), this.whole[1] - this.whole[0]);
      const begin = Math.min(Math.max(from, this.whole[0]), this.whole[1] - wide);
      this.range = [begin, begin + wide];
      for (const plot of this.plots) this.feed(plot);
      requestAnimationFrame(() => this.placeMarkers());
      this.root.querySelector(".found").textContent =
        `Shown: ${this.clock.format(new Date(begin))} to ${this.clock.format(new Date(begin + wide))}.`;
    }

    zoomTo(plot) {
      const { left, width } = plot.select;
      this.dragged = width > 4;
      if (!this.dragged) return;
      const [from, to] = [plot.posToVal(left, "x") * SECOND, plot.posToVal(left + width, "x") * SECOND];
      for (const other of this.plots) other.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      this.show(from, to);
      setTimeout(() => { this.dragged = false; });
    }
  }

  // ---- one incident -----------------------------------------------------------------------------------------

  class Incident extends Chart {
    constructor(root, picture) {
      super(root, picture);
      this.filter = { pid: "", pattern: "", severity: "" };
      this.setUpFilters();
      this.begin();
    }

    // ---- filters ----

    setUpFilters() {
      const { lanes, signals } = this.picture;
      const rows = all(this.root, "[data-pid]");
      const seen = (name) => new Set(rows.map((row) => row.dataset[name]).filter((value) => value));
      const titles = new Map(signals.map((signal) => [signal.pattern, signal.title]));
      const pids = new Set([...lanes.map((lane) => String(lane.pid)), ...seen("pid")]);
      const values = {
        pid: [...pids].map((pid) => [pid, pid]),
        pattern: [...new Set([...titles.keys(), ...seen("pattern")])].map((id) => [id, titles.get(id) ?? id]),
        severity: ["critical", "major", "minor", "info", "unrated"].filter((name) => seen("severity").has(name)
          || signals.some((signal) => signal.severity === name)).map((name) => [name, name]),
      };
      for (const [name, options] of Object.entries(values)) {
        const select = this.root.querySelector(`[data-filter="${name}"]`);
        for (const [value, text] of options) select.append(make("option", { value }, text));
        select.addEventListener("change", () => this.choose(name, select.value));
      }
      this.root.querySelector("[data-clear]").addEventListener("click", () => {
        for (const name of Object.keys(this.filter)) this.choose(name, "");
        this.root.querySelector("[data-filter]").focus();
      });
    }

    choose(name, value) {
      const select = this.root.querySelector(`[data-filter="${name}"]`);
      select.value = value;
      this.filter[name] = select.value;
      this.apply();
      for (const plot of this.plots) this.feed(plot);
    }

    apply() {
      const wanted = Object.entries(this.filter).filter(([, value]) => value);
      const shown = {};
      for (const row of all(this.root, "[data-pid]")) {
        row.hidden = wanted.some(([name, value]) => row.dataset[name] !== value);
        const kind = row.matches(".cited") ? "lines" : row.closest(".moments") ? "moments" : "workers";
        shown[kind] = (shown[kind] ?? 0) + (row.hidden ? 0 : 1);
      }
      for (const stretch of all(this.root, ".stretch")) {
        stretch.hidden = wanted.length > 0 && !all(stretch, ".cited").some((line) => !line.hidden);
        for (const line of all(stretch, ".context")) line.hidden = wanted.length > 0;
      }
      this.root.querySelector("[data-clear]").hidden = wanted.length === 0;
      const told = Object.entries(shown).map(([kind, count]) => `${count} ${kind}`).join(", ");
      this.root.querySelector(".found").textContent = wanted.length ? `Filtered: ${told} shown.` : "All is shown.";
    }

    signals() {
      const { pattern, severity } = this.filter;
      return this.picture.signals.filter((signal) => (!pattern || signal.pattern === pattern)
        && (!severity || signal.severity === severity));
    }

    lanes() {
      return this.picture.lanes.filter((lane) => !this.filter.pid || String(lane.pid) === this.filter.pid);
    }

    // ---- charts ----

    draw() {
      for (const plot of this.plots) plot.destroy();
      this.holder.replaceChildren();
      const many = this.picture.signals.length > 0;
      this.plots = [this.rates(), ...(many ? [this.rows("pattern")] : []), ...(this.picture.lanes.length ? [this.rows("pid")] : [])];
      this.addMarkers(this.plots[0]);
    }

    // Wide enough for every label where there is room; else patterns have the numbers of the list below, workers their pids.
    gutter() {
      this.paint ??= document.createElement("canvas").getContext("2d");
      this.paint.font = FONT;
      const labels = [...this.picture.signals.map((one) => one.title), ...this.picture.lanes.map(laneLabel)];
      const needed = Math.ceil(Math.max(...labels.map((text) => this.paint.measureText(text).width), 30)) + 16;
      this.roomy = needed <= this.holder.clientWidth * 0.36;
      return this.roomy ? Math.max(needed, 56) : 64;
    }

    draw() {
      for (const plot of this.plots) plot.destroy();
      this.holder.replaceChildren();
      const many = this.picture.signals.length > 0;
      this.plots = [this.rates(), ...(many ? [this.rows("pattern")] : []), ...(this.picture.lanes.length ? [this.rows("pid")] : [])];
      this.addMarkers(this.plots[0]);
      this.listPatterns();
    }

    // What the colours and rows of the chart are, in words, as long as they may be.
    listPatterns() {
      const list = this.root.querySelector(".patterns");
      list.replaceChildren(...this.picture.signals.map((signal) => {
        const item = make("li", {}, `${signal.title}: ${signal.count.toLocaleString("en")} ${signal.count === 1 ? "line" : "lines"}`);
        const swatch = make("span", { class: "key", "aria-hidden": "true" });
        swatch.style.background = this.shade(signal);
        item.prepend(swatch);
        return item;
      }));
    }

    rates() {
      const shades = SHADES.map(colour);
      const options = this.options(180, {
        scales: { y: { range: (plot, low, high) => [0, Math.max(high ?? 1, 1) * 1.05] },
          lost: { range: () => [0, Math.max(this.picture.pool ?? 0, this.picture.lost.length, 1) * 1.05] } },
        x: this.picture.signals.length ? { label: undefined } : {},
        axes: [{ scale: "y", size: this.gutter() - 18, incrs: COUNTS, label: "lines" },
          { scale: "lost", side: 1, label: "workers lost", size: this.picture.lost.length ? 36 : 0, show: this.picture.lost.length > 0, stroke: colour("--steps"), incrs: COUNTS }],
        series: [{}, ...SHADES.map((_, number) => ({ scale: "y", stroke: shades[number], fill: shades[number], width: 0, points: { show: false },
          paths: uPlot.paths.bars({ size: [0.92, 60], align: 1 }) })).reverse(),
          { scale: "lost", stroke: colour("--steps"), width: 2.5, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }) }],
        hooks: { draw: [(plot) => this.drawMarks(plot)] },
      });
      if (!this.picture.lost.length) options.padding[1] = 68;
      const plot = new uPlot(options, this.rateData(), this.holder);
      plot.root.classList.add("rates");
      return plot;
    }

    // Counts in equal steps, the loudest kinds of lines one upon the other, the rest together; the lost workers beside.
    rateData() {
      const step = this.step();
      const [begin, end] = [Math.floor(this.range[0] / step) * step, this.range[1]];
      const times = [];
      for (let time = begin; time <= end; time += step) times.push(time);
      const order = [...this.picture.signals].sort((a, b) => b.count - a.count);
      const chosen = this.signals();
      const rows = SHADES.map(() => times.map(() => 0));
      for (const signal of chosen) {
        const row = rows[Math.min(order.indexOf(signal), SHADES.length - 1)];
        for (const [time, count] of signal.moments) {
          const place = Math.floor((time - begin) / step);
          if (place >= 0 && place < row.length) row[place] += count;
        }
      }
      for (let n = 1; n < rows.length; n += 1) rows[n] = rows[n].map((value, place) => value + rows[n - 1][place]);
      const lost = times.map((time) => this.picture.lost.filter((at) => at < time + step).length);
      this.binned = { step, begin, totals: rows[rows.length - 1] };
      return [times.map((time) => time / SECOND), ...rows.reverse(), lost];
    }

    shade(signal) {
      const order = [...this.picture.signals].sort((a, b) => b.count - a.count);
      return colour(SHADES[Math.min(order.indexOf(signal), SHADES.length - 1)]);
    }

    // One row a pattern or a worker. The rows are drawn by hand; uPlot keeps the axes, the cursor and the zoom.
    rows(kind) {
      const items = () => (kind === "pid" ? this.lanes() : this.signals());
      const height = LANE * Math.max(items().length, 1) + (kind === "pid" || !this.picture.lanes.length ? 60 : 14);
      const last = kind === "pid" || !this.picture.lanes.length;
      const options = this.options(height, {
        scales: { y: { range: () => [0, Math.max(items().length, 1)] } },
        x: { show: last },
        axes: [{ scale: "y", size: this.gutter(), splits: () => items().map((_, n) => n + 0.5),
          values: () => items().map((_, n) => this.label(kind, items()[items().length - 1 - n])) }],
        series: [{}, { scale: "y", paths: () => null, points: { show: false } }],
        hooks: { draw: [(plot) => { this.drawMarks(plot); items().forEach((item, n) => this.drawRow(plot, kind, item, n)); }] },
      });
      options.padding[1] = 68;
      const plot = new uPlot(options, this.ends(), this.holder);
      plot.root.classList.add(kind);
      plot.kind = kind;
      plot.items = items;
      plot.over.addEventListener("click", () => this.pick(plot));
      return plot;
    }

    ends() {
      return [this.range.map((ms) => ms / SECOND), [null, null]];
    }

    label(kind, item) {
      if (kind === "pid") return this.roomy ? laneLabel(item) : String(item.pid);
      return this.roomy ? item.title : String(this.picture.signals.indexOf(item) + 1);
    }

    drawRow(plot, kind, item, n) {
      const ratio = devicePixelRatio;
      const { ctx, bbox } = plot;
      const x = (ms) => Math.min(Math.max(plot.valToPos(ms / SECOND, "x", true), bbox.left), bbox.left + bbox.width);
      const top = bbox.top + (bbox.height / Math.max(plot.items().length, 1)) * n;
      const high = bbox.height / Math.max(plot.items().length, 1);
      const inside = (ms) => ms >= this.range[0] && ms <= this.range[1];
      ctx.save();
      if (kind === "pattern") {
        ctx.fillStyle = this.shade(item);
        const most = Math.max(...item.moments.map(([, count]) => count), 1);
        for (const [time, count] of item.moments) {
          if (!inside(time)) continue;
          const part = 0.45 + 0.45 * (count / most);
          ctx.fillRect(x(time) - ratio, top + high * (1 - part) - ratio, 2 * ratio, high * part);
        }
      } else {
        const until = Math.max(...item.signs.map(([, last]) => last), item.lost ?? 0);
        for (const [first, last] of item.signs) {
          const split = item.lost === null ? last : Math.min(Math.max(item.lost, first), last);
          this.bar(ctx, x(first), x(split), top, high, colour("--serving"), ratio, last >= this.range[0] && first <= this.range[1]);
        }
        if (item.lost !== null) {
          this.bar(ctx, x(item.lost), x(until), top, high, colour("--critical"), ratio, until > item.lost);
          if (inside(item.lost)) this.cross(ctx, x(item.lost), top + high / 2, ratio);
        }
      }
      ctx.restore();
    }

    bar(ctx, from, to, top, high, fill, ratio, visible) {
      if (!visible) return;
      ctx.fillStyle = fill;
      ctx.fillRect(from, top + high * 0.3, Math.max(to - from, 2 * ratio), high * 0.4);
    }

    cross(ctx, x, y, ratio) {
      const arm = 4 * ratio;
      ctx.lineWidth = 2 * ratio;
      ctx.strokeStyle = colour("--critical");
      ctx.beginPath();
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x + arm, y - arm);
      ctx.lineTo(x - arm, y + arm);
      ctx.stroke();
    }

    drawMarks(plot) {
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.lineWidth = devicePixelRatio;
      for (const [name, ms] of [["--critical", this.picture.onset], ["--good", this.picture.over]]) {
        if (ms === null || ms < this.range[0] || ms > this.range[1]) continue;
        const x = plot.valToPos(ms / SECOND, "x", true);
        ctx.strokeStyle = colour(name);
        ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
      }
      ctx.restore();
    }

    // Key moments as small buttons over the first chart: each leads to its row.
    addMarkers(plot) {
      this.markers = this.picture.events.map((event, number) => {
        const button = make("button", { type: "button", class: `marker ${event.kind}`,
          "aria-label": `${this.clock.format(new Date(event.time))} ${event.kind}: ${event.text}`, title: `${event.kind}: ${event.text}` });
        button.addEventListener("click", () => this.toRow(number));
        plot.over.append(button);
        return [button, event];
      });
      requestAnimationFrame(() => this.placeMarkers());
    }

    placeMarkers() {
      const plot = this.plots[0];
      let taken = [];
      for (const [button, event] of this.markers) {
        const inside = event.time >= this.range[0] && event.time <= this.range[1];
        button.hidden = !inside;
        if (!inside) continue;
        const left = plot.valToPos(event.time / SECOND, "x");
        taken = taken.filter((other) => Math.abs(other - left) < 9);
        button.style.left = `${left}px`;
        button.style.top = `${2 + 11 * Math.min(taken.length, 6)}px`;
        taken.push(left);
      }
    }

    toRow(number) {
      const row = this.root.querySelector(`[data-event="${number}"]`);
      if (row.hidden) for (const name of Object.keys(this.filter)) this.choose(name, "");
      for (const other of all(this.root, "tr.at")) other.classList.remove("at");
      row.classList.add("at");
      row.setAttribute("tabindex", "-1");
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "center" });
    }

    pick(plot) {
      const items = plot.items();
      const { top } = plot.cursor;
      if (top === undefined || top < 0 || this.dragged) return;
      const item = items[Math.min(Math.floor((top / plot.over.clientHeight) * items.length), items.length - 1)];
      if (!item) return;
      const value = plot.kind === "pid" ? String(item.pid) : item.pattern;
      this.choose(plot.kind, this.filter[plot.kind] === value ? "" : value);
    }

    feed(plot) {
      if (plot.kind) {
        const last = plot.kind === "pid" || !this.picture.lanes.length;
        plot.setSize({ width: plot.width, height: LANE * Math.max(plot.items().length, 1) + (last ? 60 : 14) });
        plot.setData(this.ends());
      } else {
        plot.setData(this.rateData());
      }
    }

    tell(plot) {
      const { left } = plot.cursor;
      if (left === undefined || left < 0 || plot !== this.plots[0]) return;
      const ms = plot.posToVal(left, "x") * SECOND;
      const { step, begin, totals } = this.binned;
      const failures = totals[Math.floor((ms - begin) / step)] ?? 0;
      const lost = this.picture.lost.filter((at) => at <= ms).length;
      const told = [`${this.clock.format(new Date(ms))}  ${offset(ms - this.picture.onset)}`,
        `${failures} ${failures === 1 ? "failure" : "failures"} in ${duration(step / SECOND)}`];
      if (this.picture.lost.length) told.push(`${lost} of ${this.picture.lost.length} lost workers gone`);
      this.readout.textContent = told.join("  ·  ");
    }
  }

  // ---- the whole log ------------------------------------------------------------------------------------------

  class WholeLog extends Chart {
    constructor(root, picture) {
      super(root, picture);
      root.querySelector(".overview").hidden = true;
      this.begin();
    }

    draw() {
      for (const plot of this.plots) plot.destroy();
      this.holder.replaceChildren();
      const bars = colour("--bar");
      const options = this.options(190, {
        scales: { y: { range: (plot, low, high) => [0, Math.max(high ?? 1, 1) * 1.05] } },
        axes: [{ scale: "y", size: this.gutter() - 18, incrs: COUNTS, label: "lines" }],
        series: [{}, { scale: "y", stroke: bars, fill: bars, width: 0, points: { show: false },
          paths: uPlot.paths.bars({ size: [0.92, 60], align: 1 }) }],
        hooks: { drawClear: [(plot) => this.drawBands(plot)], draw: [(plot) => this.drawServer(plot)] },
      });
      const plot = new uPlot(options, this.data(), this.holder);
      plot.over.addEventListener("click", () => this.pick(plot));
      this.plots = [plot];
    }

    data() {
      const { failures, step, from } = this.picture;
      const wide = Math.max(Math.round(this.step() / step), 1) * step;
      const first = Math.max(Math.floor((this.range[0] - from) / wide), 0);
      const last = Math.min(Math.ceil((this.range[1] - from) / wide), Math.ceil(failures.length * step / wide));
      const numbers = Array.from({ length: Math.max(last - first, 1) }, (_, n) => first + n);
      const each = wide / step;
      const sums = numbers.map((n) => failures.slice(Math.round(n * each), Math.round((n + 1) * each)).reduce((a, b) => a + b, 0));
      this.binned = { step: wide, begin: from + first * wide, sums };
      return [numbers.map((n) => (from + n * wide) / SECOND), sums];
    }

    feed(plot) {
      plot.setData(this.data());
    }

    drawBands(plot) {
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.fillStyle = colour("--band");
      for (const { from, to } of this.picture.incidents) {
        if (to < this.range[0] || from > this.range[1]) continue;
        const [left, right] = [from, to].map((ms) => Math.min(Math.max(plot.valToPos(ms / SECOND, "x", true), bbox.left), bbox.left + bbox.width));
        ctx.fillRect(left - devicePixelRatio, bbox.top, Math.max(right - left, 2 * devicePixelRatio) + devicePixelRatio, bbox.height);
      }
      ctx.restore();
    }

    // Starts, restarts and stops as triangles on the axis.
    drawServer(plot) {
      const { ctx, bbox } = plot;
      const arm = 5 * devicePixelRatio;
      for (const { time, kind } of this.picture.marks) {
        if (time < this.range[0] || time > this.range[1]) continue;
        const x = plot.valToPos(time / SECOND, "x", true);
        ctx.fillStyle = colour(kind === "stop" ? "--critical" : kind === "restart" ? "--steps" : "--good");
        ctx.beginPath();
        ctx.moveTo(x, bbox.top + bbox.height - 1.6 * arm);
        ctx.lineTo(x + arm, bbox.top + bbox.height);
        ctx.lineTo(x - arm, bbox.top + bbox.height);
        ctx.fill();
      }
    }

    pick(plot) {
      if (this.dragged || plot.cursor.left === undefined || plot.cursor.left < 0) return;
      const at = (ms) => plot.valToPos(ms / SECOND, "x");
      const found = this.picture.incidents.find(({ from, to }) => plot.cursor.left >= at(from) - 6 && plot.cursor.left <= at(to) + 6);
      if (found) location.hash = `#i${found.id}`;
    }

    tell(plot) {
      const { left } = plot.cursor;
      if (left === undefined || left < 0) return;
      const ms = plot.posToVal(left, "x") * SECOND;
      const { step, begin, sums } = this.binned;
      const failures = sums[Math.floor((ms - begin) / step)] ?? 0;
      this.day ??= formatter(this.picture.zone, { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
      this.readout.textContent = `${this.day.format(new Date(ms))}  ·  ${failures} ${failures === 1 ? "line" : "lines"} in ${duration(Math.round(step / SECOND))}`;
    }
  }

  // ---- the drawer: a line of evidence in its neighbourhood ------------------------------------------------------

  const drawer = document.querySelector(".drawer");
  let current = null;
  let opener = null;

  function open(line) {
    current = line;
    const id = line.dataset.id;
    drawer.querySelector("#drawer-title").textContent = `Evidence ${id}`;
    drawer.querySelector(".about").textContent = `${line.closest(".stretch").querySelector("figcaption").textContent}`;
    const lines = drawer.querySelector(".lines");
    lines.replaceChildren(...around(line).map((item) => {
      const copy = item.cloneNode(true);
      copy.removeAttribute("id");
      copy.hidden = false;
      copy.classList.toggle("now", item === line);
      return copy;
    }));
    drawer.querySelector(".inplace").href = `#${line.id}`;
    if (!drawer.open) drawer.showModal();
    drawer.querySelector("#drawer-title").focus();
    lines.querySelector(".now").scrollIntoView({ block: "nearest" });
  }

  function around(line) {
    const lines = Array.from(line.parentElement.children);
    const at = lines.indexOf(line);
    return lines.slice(Math.max(at - 8, 0), at + 9);
  }

  function step(by) {
    const lines = all(current.closest(".incident"), ".cited").filter((line) => !line.hidden)
      .sort((a, b) => Number(a.dataset.id.slice(1)) - Number(b.dataset.id.slice(1)));
    const next = lines[(lines.indexOf(current) + by + lines.length) % lines.length];
    if (next) open(next);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.ref");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const line = document.getElementById(link.hash.slice(1));
    if (!line) return;
    event.preventDefault();
    opener = link;
    open(line);
  });
  drawer.addEventListener("close", () => { if (opener) opener.focus(); opener = null; });
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer || event.target.closest("[data-close]")) drawer.close();
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
    if (event.target.closest(".inplace")) {
      opener = null;
      const line = current;
      drawer.close();
      line.focus();
    }
  });
  drawer.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });

  // ---- light, dark, paper -----------------------------------------------------------------------------------

  const redraw = () => { for (const chart of charts) chart.draw(); };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = document.querySelector(".theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    redraw();
  });
  dark.addEventListener("change", redraw);
  matchMedia("print").addEventListener("change", redraw);
  addEventListener("beforeprint", () => { for (const details of all(document, "details")) details.open = true; });

  // ---- hosts: found by name, and opened where a link leads to one ------------------------------------------------

  function openHost(id) {
    const host = document.getElementById(id)?.closest("details.host");
    if (host) host.open = true;
  }
  addEventListener("hashchange", () => openHost(location.hash.slice(1)));
  document.addEventListener("click", (event) => { // before the browser goes there
    const link = event.target.closest("a.to-host");
    if (link) openHost(link.hash.slice(1));
  });
  openHost(location.hash.slice(1));

  const hostFilter = document.querySelector(".host-filter");
  if (hostFilter) {
    const [name, onlyHit] = all(hostFilter, "input");
    const rows = all(document, "[data-host]");
    const apply = () => {
      const wanted = name.value.trim().toLowerCase();
      for (const row of rows) {
        row.hidden = !row.dataset.host.toLowerCase().includes(wanted) || (onlyHit.checked && !("hit" in row.dataset));
      }
      const found = rows.filter((row) => row.matches("details") && !row.hidden).length;
      const isFiltered = wanted !== "" || onlyHit.checked;
      hostFilter.querySelector("[role=status]").textContent = isFiltered ? `${found} found` : "";
      if (isFiltered) document.querySelector(".all-hosts").open = true;
    };
    name.addEventListener("input", apply);
    onlyHit.addEventListener("change", apply);
    hostFilter.hidden = false;
  }

  if (pictures.whole) charts.push(new WholeLog(document.getElementById("whole"), pictures.whole));
  // charts are drawn when they come near: a page may hold a hundred incidents
  const waiting = new Map(pictures.incidents.map((picture) => [document.getElementById(`i${picture.id}`), picture]));
  const drawNow = (article) => {
    if (!waiting.has(article)) return;
    const picture = waiting.get(article);
    waiting.delete(article);
    charts.push(new Incident(article, picture));
  };
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) drawNow(entry.target);
  }, { rootMargin: "1000px 0px" });
  for (const [number, article] of [...waiting.keys()].entries()) if (number === 0) drawNow(article); else near.observe(article);
  addEventListener("beforeprint", () => { for (const article of [...waiting.keys()]) drawNow(article); });
  document.documentElement.dataset.ready = "yes";
})();
