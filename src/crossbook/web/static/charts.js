// Charts over figures that stand in a table beside them. Colours are the style sheet's.
"use strict";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const money = (minor, digits, currency) =>
  new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(minor / 10 ** digits) + " " + currency;

const short = (minor, digits) =>
  new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 }).format(
    minor / 10 ** digits,
  );

const frame = (data) => ({
  animation: false,
  backgroundColor: "transparent",
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--text") },
  tooltip: {
    trigger: "axis",
    renderMode: "richText",
    axisPointer: { type: "shadow" },
    backgroundColor: colour("--panel"),
    borderColor: colour("--line"),
    textStyle: { color: colour("--text") },
  },
  xAxis: {
    type: "category",
    axisLine: { lineStyle: { color: colour("--line-strong") } },
    axisTick: { show: false },
    axisLabel: { color: colour("--dim") },
  },
  yAxis: {
    type: "value",
    axisLabel: { color: colour("--dim"), formatter: (value) => short(value, data.digits) },
    splitLine: { lineStyle: { color: colour("--line") } },
  },
});

const waterfall = (data, narrow) => {
  const options = frame(data);
  const base = [];
  const shown = [];
  let at = 0;
  for (const term of data.terms) {
    const whole = term.role === "sum" || term.role === "paid";
    const [from, to] = whole ? [0, term.amount] : term.role === "gap" ? [at - term.amount, at] : [at, at + term.amount];
    if (!whole && term.role !== "gap") at = to;
    if (whole) at = term.amount;
    base.push(Math.min(from, to));
    const fill =
      term.role === "gap" ? "--bad-fill" : whole ? "--whole-fill" : term.amount < 0 ? "--minus-fill" : "--plus-fill";
    shown.push({ value: Math.abs(to - from), itemStyle: { color: colour(fill) } });
  }
  options.tooltip.formatter = (points) => {
    const term = data.terms[points[0].dataIndex];
    return `${term.name}\n${money(term.amount, data.digits, data.currency)}`;
  };
  options.grid = { left: 8, right: narrow ? 16 : 24, top: 8, bottom: 8, containLabel: true };
  const category = { ...options.xAxis, data: data.terms.map((t) => t.name), inverse: true };
  options.xAxis = options.yAxis;
  options.xAxis.splitNumber = narrow ? 2 : 4;
  options.yAxis = category;
  options.series = [
    { type: "bar", stack: "w", silent: true, itemStyle: { color: "transparent" }, data: base, tooltip: { show: false } },
    { type: "bar", stack: "w", data: shown, barMaxWidth: 26 },
  ];
  return options;
};

const arrivals = (data, narrow) => {
  const options = frame(data);
  options.grid = { left: 8, right: 12, top: 40, bottom: 8, containLabel: true };
  options.legend = { top: 0, left: 0, textStyle: { color: colour("--text") }, data: [data.words.likely, data.words.by_then, data.words.range] };
  options.xAxis.data = data.weeks;
  options.xAxis.axisLabel.interval = narrow ? 3 : "auto";
  options.tooltip.formatter = (points) => {
    const i = points[0].dataIndex;
    const say = (minor) => money(minor, data.digits, data.currency);
    return [
      data.weeks[i],
      `${data.words.likely}: ${say(data.likely[i])}`,
      `${data.words.by_then}: ${say(data.by_then[i])}`,
      `${data.words.range}: ${say(data.at_least[i])} – ${say(data.at_most[i])}`,
    ].join("\n");
  };
  const band = { type: "line", stack: "band", symbol: "none", lineStyle: { opacity: 0 }, silent: true };
  options.series = [
    { ...band, name: "least", data: data.at_least, tooltip: { show: false } },
    {
      ...band,
      name: data.words.range,
      data: data.at_most.map((most, i) => most - data.at_least[i]),
      itemStyle: { color: colour("--range-fill") },
      areaStyle: { color: colour("--range-fill"), opacity: 1 },
    },
    { type: "bar", name: data.words.likely, data: data.likely, barMaxWidth: 22, itemStyle: { color: colour("--plus-fill") } },
    { type: "line", name: data.words.by_then, data: data.by_then, symbolSize: 5, itemStyle: { color: colour("--whole-fill") } },
  ];
  return options;
};

const duties = (data, narrow) => {
  const options = frame(data);
  const percent = (value) =>
    new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(value) + " %";
  options.grid = { left: 8, right: 16, top: narrow ? 84 : 52, bottom: 8, containLabel: true };
  options.legend = { top: 0, left: 0, type: "scroll", textStyle: { color: colour("--text") } };
  options.xAxis = {
    type: "time",
    axisLine: { lineStyle: { color: colour("--line-strong") } },
    axisLabel: { color: colour("--dim"), hideOverlap: true, formatter: "{yyyy}-{MM}" },
  };
  options.yAxis.axisLabel.formatter = (value) => value + " %";
  options.tooltip.axisPointer = { type: "line" };
  options.tooltip.formatter = (points) => {
    const i = points[0].dataIndex;
    const told = data.series.filter((s) => s.values[i] > 0).map((s) => `${s.name}: ${percent(s.values[i])}`);
    const whole = data.series.reduce((sum, s) => sum + s.values[i], 0);
    return [data.words[i], ...told, `${data.total}: ${percent(whole)}`].join("\n");
  };
  options.series = data.series.map((s) => ({
    type: "line",
    name: s.name,
    stack: "duty",
    step: "end",
    symbol: "none",
    lineStyle: { width: 0 },
    itemStyle: { color: colour("--d-" + s.colour) },
    areaStyle: { color: colour("--d-" + s.colour), opacity: 1 },
    data: s.values.map((value, i) => [data.days[i], value]),
  }));
  return options;
};

// The markets whose names stand beside their bubbles: those that buy the most, as far as names do not meet.
const named = (points, narrow) => {
  const shares = points.map((p) => p.share);
  const widths = points.map((p) => Math.log10(p.imports));
  const span = (values) => Math.max(...values) - Math.min(...values) || 1;
  const across = (narrow ? 180 : 340) / span(widths);
  const up = 150 / span(shares);
  const kept = [];
  for (const p of [...points].sort((a, b) => b.imports - a.imports)) {
    const [x, y] = [Math.log10(p.imports) * across, p.share * up];
    if (kept.every((k) => Math.abs(k.x - x) > 34 || Math.abs(k.y - y) > 14)) kept.push({ x, y, market: p.market });
  }
  return new Set(kept.map((k) => k.market));
};

// A line for each market from the least margin to the most, and a bubble at the usual one.
const bubbles = (data, narrow) => {
  const options = frame(data);
  const percent = (value) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(value) + " %";
  const dollars = (value) => short(value, 0) + " USD";
  const hollow = (fill) => ({ itemStyle: { color: colour("--panel"), borderColor: colour(fill), borderWidth: 2, borderType: "dashed" } });
  const fills = { barred: "--bad-fill", agreed: "--plus-fill", neither: "--whole-fill" };
  options.grid = { left: 8, right: narrow ? 24 : 40, top: 48, bottom: 28, containLabel: true };
  options.legend = { top: 0, left: 0, textStyle: { color: colour("--text") }, data: Object.keys(fills).map((a) => data.words[a]) };
  options.xAxis = { ...options.yAxis, type: "log", name: data.words.imports, nameLocation: "middle", nameGap: 28 };
  options.xAxis.axisLabel = { color: colour("--dim"), formatter: dollars, hideOverlap: true };
  options.xAxis.nameTextStyle = { color: colour("--dim") };
  options.yAxis.axisLabel.formatter = percent;
  options.tooltip.trigger = "item";
  options.tooltip.formatter = ({ data: point }) => {
    const p = point.told;
    const span = p.low === p.high ? "" : ` (${p.low === null ? "…" : percent(p.low)} – ${p.high === null ? "…" : percent(p.high)})`;
    return [
      `${data.names[p.market]} ${p.market}`,
      `${data.words.margin}: ${percent(p.share)}${span}`,
      `${data.words.imports}: ${dollars(p.imports)}`,
      `${data.words[p.access]}; ${data.words.platforms}: ${p.platforms}`,
    ].join("\n");
  };
  const shown = named(data.points, narrow);
  const ranges = data.points.flatMap((p) => [[p.imports, p.low ?? p.share], [p.imports, p.high ?? p.share], ["-", "-"]]);
  options.series = [
    { type: "line", data: ranges, symbol: "none", silent: true, lineStyle: { color: colour("--line-strong"), width: 1.5 }, tooltip: { show: false } },
    ...Object.entries(fills).map(([access, fill]) => ({
      type: "scatter",
      name: data.words[access],
      itemStyle: { color: colour(fill), opacity: 0.85 },
      label: { show: true, formatter: ({ data: point }) => (shown.has(point.told.market) ? point.told.market : ""), position: "right", color: colour("--text") },
      data: data.points
        .filter((p) => p.access === access)
        .map((p) => ({ value: [p.imports, p.share], symbolSize: 10 + 4 * Math.min(p.platforms, 8), told: p, ...(p.exact ? {} : hollow(fill)) })),
    })),
  ];
  return options;
};

const kinds = { waterfall, arrivals, duties, bubbles };
const drawn = [];

for (const figure of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const canvas = figure.querySelector(".canvas");
  if (figure.dataset.chart === "waterfall") canvas.classList.add(data.terms.length > 7 ? "tall" : "short");
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  const draw = () => chart.setOption(kinds[figure.dataset.chart](data, canvas.clientWidth < 520), true);
  draw();
  drawn.push({ chart, draw });
  new ResizeObserver(() => {
    chart.resize();
    draw();
  }).observe(canvas);
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(({ draw }) => draw()));
