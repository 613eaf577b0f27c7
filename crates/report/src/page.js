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
  for (const key of ["axle", "family"]) {
    const marks = [...document.querySelectorAll("[data-" + key + "]")];
    const pick = id => {
      document.body.classList.toggle("picking-" + key, id !== null);
      for (const mark of marks) mark.classList.toggle("picked", mark.dataset[key] === id);
    };
    for (const mark of marks) {
      mark.addEventListener("pointerenter", () => pick(mark.dataset[key]));
      mark.addEventListener("pointerleave", () => pick(null));
    }
  }
  for (const svg of document.querySelectorAll("svg[data-brushed]")) {
    const families = [...svg.querySelectorAll("[data-at]")];
    const kept = new Map();
    const fade = () => {
      const isOut = family => {
        const at = family.dataset.at.split(" ");
        return [...kept].some(([axis, [top, bottom]]) => at[axis] < top || at[axis] > bottom);
      };
      const out = new Set(families.filter(isOut).map(family => family.dataset.family));
      for (const mark of document.querySelectorAll("[data-family]"))
        mark.classList.toggle("out", out.has(mark.dataset.family));
    };
    svg.querySelectorAll("[data-hold]").forEach((axis, index) => {
      const [top, bottom] = axis.dataset.hold.split(" ").map(Number);
      const [hold, brush] = axis.children;
      const height = event => {
        const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        return Math.min(bottom, Math.max(top, p.y));
      };
      let from = null;
      const drag = event => {
        if (from === null) return;
        const to = height(event), ends = [Math.min(from, to), Math.max(from, to)];
        const isClick = ends[1] - ends[0] < 3;
        if (isClick) kept.delete(index); else kept.set(index, ends);
        brush.setAttribute("y", ends[0]);
        brush.setAttribute("height", isClick ? 0 : ends[1] - ends[0]);
        fade();
      };
      hold.addEventListener("pointerdown", event => {
        event.preventDefault();
        hold.setPointerCapture(event.pointerId);
        from = height(event);
        drag(event);
      });
      hold.addEventListener("pointermove", drag);
      for (const end of ["pointerup", "pointercancel"]) hold.addEventListener(end, () => { from = null; });
    });
  }
})();
