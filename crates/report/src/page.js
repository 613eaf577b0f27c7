"use strict";
(() => {
  const readout = document.getElementById("readout");
  const hide = () => { readout.hidden = true; };
  const show = (event, text) => {
    readout.textContent = text;
    readout.hidden = false;
    const room = innerWidth - readout.offsetWidth - 8;
    readout.style.left = Math.min(event.clientX + 14, room) + "px";
    readout.style.top = event.clientY + 16 + "px";
  };
  const cell = (axis, x) => {
    let i = 0;
    while (i < axis.length - 2 && axis[i + 1] <= x) i++;
    return [i, Math.min(1, Math.max(0, (x - axis[i]) / (axis[i + 1] - axis[i])))];
  };
  const mix = (table, [i, t]) => table[i] * (1 - t) + table[i + 1] * t;
  const valueAt = (map, rpm, torque) => {
    const [i, t] = cell(map.rpm, rpm);
    if (rpm < 0 || rpm > map.rpm[map.rpm.length - 1]) return null;
    const limit = mix(torque < 0 ? map.min : map.max, [i, t]);
    const load = torque === 0 ? 0 : torque / Math.abs(limit);
    if (!(Math.abs(load) <= 1)) return null;
    const at = cell(map.load, load), n = map.load.length;
    const loss = mix(map.loss.slice(i * n, i * n + n), at) * (1 - t)
      + mix(map.loss.slice(i * n + n, i * n + 2 * n), at) * t;
    const power = torque * rpm * Math.PI / 30000;
    const dc = power + loss;
    const eta = power > 0 ? power / dc : power < 0 && dc < 0 ? dc / power : 0;
    return { power, loss, eta };
  };
  const number = (x, d) => x.toLocaleString("en", { maximumFractionDigits: d, minimumFractionDigits: d })
    .replace(/,/g, "\u202f").replace("-", "\u2212");
  for (const svg of document.querySelectorAll("svg[data-map]")) {
    const map = JSON.parse(svg.dataset.map);
    svg.addEventListener("pointerleave", hide);
    svg.addEventListener("pointermove", event => {
      const to = svg.getScreenCTM();
      if (!to) return;
      const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(to.inverse());
      const [left, right, bottom, top] = map.box, [x0, x1, y0, y1] = map.domain;
      const rpm = x0 + (p.x - left) / (right - left) * (x1 - x0);
      const torque = y0 + (p.y - bottom) / (top - bottom) * (y1 - y0);
      const v = valueAt(map, rpm, torque);
      if (!v) return hide();
      show(event, number(rpm, 0) + " rpm \u00b7 " + number(torque, 0) + " Nm \u00b7 "
        + number(v.power, 1) + " kW \u00b7 loss " + number(v.loss, 2) + " kW \u00b7 "
        + number(100 * v.eta, 1) + " %");
    });
  }
  const marks = [...document.querySelectorAll("[data-axle]")];
  const pick = axle => {
    document.body.classList.toggle("picking", axle !== null);
    for (const mark of marks) mark.classList.toggle("picked", mark.dataset.axle === axle);
  };
  for (const mark of marks) {
    mark.addEventListener("pointerenter", () => pick(mark.dataset.axle));
    mark.addEventListener("pointerleave", () => pick(null));
  }
})();
