// Measures the page that is shown: what is out of its place, and what is hard to read.
(() => {
  const box = (element) => element.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const inside = (inner, outer, slack) =>
    inner.left >= outer.left - slack && inner.right <= outer.right + slack &&
    inner.top >= outer.top - slack && inner.bottom <= outer.bottom + slack;
  const named = (element) => `${element.tagName} ${element.className.baseVal ?? element.className}: ${element.textContent.trim().slice(0, 60)}`;
  const overlap = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  const rgb = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((it) => it / 255).map((it) => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element) => {
    for (let it = element; it; it = it.parentElement) {
      const colour = rgb(getComputedStyle(it).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const [low, high] = [rgb(getComputedStyle(element).color), background(element)].map(luminance).sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const shown = [...document.body.querySelectorAll("*")].filter((it) => box(it).width > 0 && box(it).height > 0);
  const words = shown.filter((it) => [...it.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()));
  const charts = [...document.querySelectorAll(".chart")];
  return {
    scrolls: document.documentElement.scrollWidth > width,
    // a drawing is wider than its box by design; what is drawn is judged below
    outside: shown.filter((it) => !it.closest("svg") && (box(it).right > width + 0.5 || box(it).left < -0.5)).map(named),
    headings: [...document.querySelectorAll("h1, h2, h3, h4")].map((it) => Number(it.tagName[1])),
    charts: charts.length,
    misdrawn: charts.flatMap((chart) => [
      ...[...chart.querySelectorAll("path, .plot span")].filter((it) => !inside(box(it), box(chart.querySelector(".plot")), 6)),
      ...[...chart.querySelectorAll(".times span, .seconds span")].filter((it) => !inside(box(it), box(chart), 10)),
      ...[...chart.querySelectorAll(".seconds span")].filter((it, at, all) => at && overlap(box(it), box(all[at - 1]))),
      ...[...chart.querySelectorAll(".times span")].filter((it, at, all) => at && overlap(box(it), box(all[at - 1]))),
    ].map(named)),
    unlabelled: [...document.querySelectorAll("img:not([alt]), [role=img]:not([aria-label])")].map(named),
    copied: [...document.querySelectorAll(".copy")].filter((it) => box(it).width > 0 && getComputedStyle(it).userSelect === "all").map((it) => it.textContent),
    faint: words.filter((it) => contrast(it) < 4.5).map((it) => `${contrast(it).toFixed(1)} ${named(it)}`),
  };
})();
