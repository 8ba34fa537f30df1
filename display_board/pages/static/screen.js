// Keeps a screen alive without a touch: says so when the board's process is not heard, lets the clock go on,
// and comes back by itself. The page is reloaded only after the server has answered: a browser's error page never returns.
(() => {
  const RETRY_MS = 2000;
  let lost = false;
  let reloading = false;
  let seenMs = null;
  let seenAt = performance.now();

  const setLost = (now) => {
    lost = now;
    document.documentElement.classList.toggle("lost", now);
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

  const tick = () => {
    const clock = document.querySelector("time[data-ms]");
    if (!clock) return;
    const ms = Number(clock.dataset.ms);
    if (ms !== seenMs) {
      seenMs = ms;
      seenAt = performance.now();
    }
    if (!lost) return;
    const local = new Date(ms + performance.now() - seenAt + Number(clock.dataset.offset) * 60000);
    clock.textContent = local.toISOString().slice(11, 16);
  };

  watch();
  setInterval(tick, 1000);
})();
