// What only the browser can do: no menu, no selection, one touch for a double touch, the screen's size, the focus.
(() => {
  const REST_MS = 400, REST_PX = 90;
  let last = { at: 0, x: 0, y: 0, key: false };
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };

  // The second touch of a double touch must not land on whatever has come under the finger meanwhile.
  // But on the keypad the same key is meant twice: 3 3.
  document.addEventListener("click", (event) => {
    const now = performance.now();
    const near = Math.hypot(event.clientX - last.x, event.clientY - last.y) < REST_PX;
    const key = event.target.closest(".keypad, .keyboard") !== null;
    if (event.detail > 0 && near && now - last.at < REST_MS && !(key && last.key)) return stop(event);
    last = { at: now, x: event.clientX, y: event.clientY, key };
    if (key) return;
    document.documentElement.dataset.resting = "yes";
    setTimeout(() => {
      if (performance.now() - last.at >= REST_MS - 1) delete document.documentElement.dataset.resting;
    }, REST_MS);
  }, true);

  for (const kind of ["contextmenu", "dragstart", "selectstart", "auxclick", "gesturestart", "dragover", "drop"]) {
    document.addEventListener(kind, stop, true);
  }
  document.addEventListener("wheel", (event) => event.ctrlKey && stop(event), { capture: true, passive: false });
  document.addEventListener("touchmove", (event) => event.touches.length > 1 && stop(event), { capture: true, passive: false });

  const tellSize = () => window.emitEvent && emitEvent("viewport", { width: innerWidth, height: innerHeight });
  addEventListener("resize", tellSize);
  // Reading and scrolling is use of the page too: it must not go back to the start under the reader's eyes.
  let told = 0;
  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    document.addEventListener(kind, () => {
      if (performance.now() - told > 2000 && window.emitEvent) { told = performance.now(); emitEvent("touch", {}); }
    }, { capture: true, passive: true });
  }

  let sized = false;
  window.kioskShown = (state) => {
    const root = document.documentElement;
    root.lang = state.lang;
    root.classList.toggle("large", state.large);
    root.dataset.screen = state.screen;
    if (!sized) { sized = true; tellSize(); }
    const popup = document.getElementById("popup");
    if (popup) popup.setAttribute("role", "alert");
    requestAnimationFrame(() => {
      if (!kioskField(state.field) && state.moved) document.querySelector("h1")?.focus({ preventScroll: true });
    });
  };
})();
