// Says when the page's own process is not heard, and comes back by itself; the hotline's box; the language of the tiles.
(() => {
  const RETRY_MS = 2000;
  const root = document.documentElement;
  let lost = false;
  let reloading = false;

  const setLost = (now) => {
    lost = now;
    root.classList.toggle("lost", now);
  };

  const reloadWhenAnswered = async () => {
    if (reloading) return;
    reloading = true;
    try {
      const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(RETRY_MS) });
      if (answer.ok) return window.location.reload();
    } catch {
      // not yet
    }
    reloading = false;
  };

  const watch = () => {
    const socket = window.socket;
    if (!socket) return setTimeout(watch, 100);
    // NiceGUI reloads blindly when a connection times out; on a cut network that would leave an error page.
    socket.off("connect_error");
    socket.on("connect_error", () => setLost(true));
    socket.on("disconnect", () => setLost(true));
    socket.on("connect", () => setLost(false));
    setInterval(() => {
      if (lost || !socket.connected) {
        setLost(true);
        reloadWhenAnswered();
      }
    }, RETRY_MS);
  };

  // While an input method composes, the text is not Chinese yet.
  let composing = false;
  let timer = 0;
  const ask = (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => emitEvent("search", text), 150);
  };
  document.addEventListener("compositionstart", () => (composing = true));
  document.addEventListener("compositionend", (event) => {
    composing = false;
    if (event.target.id === "search") ask(event.target.value);
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "search" && !composing) ask(event.target.value);
  });
  document.addEventListener("click", (event) => {
    const other = event.target.closest("[data-search]");
    if (other) {
      const box = document.getElementById("search");
      box.value = other.dataset.search;
      ask(box.value);
    }
    if (event.target.id === "language") speak(!root.classList.contains("english"));
  });

  // A round replaces what is drawn: a press that began on the old link still counts, and the keyboard's place is kept.
  let pressed = null;
  let focused = null;
  document.addEventListener("pointerdown", (event) => (pressed = event.target.closest("a[href]")));
  document.addEventListener("pointerup", (event) => {
    const now = event.target.closest("a[href]");
    if (pressed && !pressed.isConnected && now && now.href === pressed.href) window.location.assign(now.href);
  });
  document.addEventListener("focusin", (event) => (focused = event.target.closest("a[href]")));
  new MutationObserver(() => {
    if (!focused || focused.isConnected || document.activeElement !== document.body) return;
    [...document.links].find((link) => link.href === focused.href)?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });

  const speak = (english) => {
    root.classList.toggle("english", english);
    try {
      localStorage.setItem("english", english ? "1" : "");
    } catch {
      // a browser that keeps nothing
    }
    const button = document.getElementById("language");
    if (button) button.textContent = english ? "中文" : "EN";
  };
  const begin = () => {
    if (!document.getElementById("language")) return setTimeout(begin, 50);
    let english = false;
    try {
      english = localStorage.getItem("english") === "1";
    } catch {
      // as above
    }
    speak(english);
  };

  watch();
  begin();
})();
