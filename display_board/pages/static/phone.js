(() => {
  const $ = (id) => document.getElementById(id);
  const lang = document.documentElement.lang === "en" ? "en" : "zh";
  const base = location.pathname.replace(/\/$/, "");
  let alarm = "", title = document.title, blink = 0, sound = null, timer = 0, failures = 0, every = 5;

  const say = (id, text) => { if ($(id).textContent !== text) $(id).textContent = text; };

  const beep = () => {
    if (!sound) return;
    [0, 0.35, 0.7].forEach((at) => {
      const tone = sound.createOscillator(), loud = sound.createGain(), t = sound.currentTime + at;
      tone.frequency.value = 880;
      loud.gain.setValueAtTime(0.5, t);
      loud.gain.exponentialRampToValueAtTime(0.001, t + 0.3);
      tone.connect(loud).connect(sound.destination);
      tone.start(t);
      tone.stop(t + 0.3);
    });
  };
  const rouse = () => {
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.([400, 200, 400, 200, 800]);
    beep();
  };

  // What has parts is drawn by the server alone: fetched anew when it has changed, and never while it is filled in.
  const renew = async (id, now) => {
    if ($(id).dataset.now === now) return;
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    $(id).replaceWith(page.getElementById(id));
  };

  const show = (view) => {
    $("ticket").dataset.state = view.state;
    ["number", "big", "code", "time"].forEach((id) => say(id, view[id]));
    ["mine", "news", "head", "big_label", "code_label", "detail", "hours", "open"].forEach((id) => say(id, view[id][lang]));
    $("off").hidden = view.heard;
    title = view.title[lang];
    document.title = title;
    if (view.alarm && view.alarm !== alarm) [0, 3000, 6000].forEach((ms) => setTimeout(rouse, ms));
    alarm = view.alarm;
    renew("offers", view.offered).then(() => renew("visit", view.told)).then(() => renew("rating", view.rating)).catch(() => {});
  };

  const poll = async () => {
    clearTimeout(timer);
    let wait = every;
    try {
      const answer = await fetch(base + ".json", { cache: "no-store", signal: AbortSignal.timeout?.(8000) });
      if (answer.status === 404) return location.reload();
      if (!answer.ok) throw answer.status;
      const view = await answer.json();
      failures = 0;
      wait = every = view.poll_s;
      show(view);
    } catch {
      failures += 1;
      $("off").hidden = false;
      wait = Math.min(30, every * failures);
    }
    timer = setTimeout(poll, wait * 1000);
  };

  $("bell").hidden = false;
  $("bell").onclick = () => {
    const Sound = window.AudioContext || window.webkitAudioContext;
    try { sound = sound || new Sound(); sound.resume(); } catch { sound = null; }
    navigator.wakeLock?.request("screen").catch(() => {});
    $("bell").setAttribute("aria-pressed", "true");
    rouse();
  };
  setInterval(() => { if (alarm) document.title = (blink ^= 1) ? "\u25B6 " + title : title; }, 1000);
  addEventListener("online", poll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  poll();
})();
