// A small line without axes: how much was said, minute by minute.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 90;
const HEIGHT = 20;

/** An SVG that fills its container's width; the picture repeats what the figure beside it says. */
export function sparkline(numbers) {
  const most = Math.max(1, ...numbers);
  const step = WIDTH / Math.max(1, numbers.length - 1);
  const points = numbers.map((number, place) => `${(place * step).toFixed(1)},${(HEIGHT - 1 - (number / most) * (HEIGHT - 2)).toFixed(1)}`);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "sparkline");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "polyline");
  line.setAttribute("points", points.join(" "));
  line.setAttribute("vector-effect", "non-scaling-stroke");
  svg.append(line);
  return svg;
}
