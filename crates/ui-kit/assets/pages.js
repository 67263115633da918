(() => {
'use strict';
const d = document, body = d.body, $ = (s, r = d) => r.querySelector(s), $$ = (s, r = d) => [...r.querySelectorAll(s)];
const rule = { createHTML: s => s }, policy = window.trustedTypes ? trustedTypes.createPolicy('pages', rule) : rule;
const parse = text => new DOMParser().parseFromString(policy.createHTML(text), 'text/html');
const toasts = $('#toasts'), words = toasts ? toasts.dataset : {};
const hear = (target, type, act) => target.addEventListener(type, act);
const el = (name, cls, text) => { const e = d.createElement(name); if (cls) e.className = cls; if (text) e.textContent = text; return e; };

// Only addresses of this origin are ever followed.
const safe = u => {
  try {
    const url = new URL(u, location.href);
    return /^https?:$/.test(url.protocol) && url.origin === location.origin ? url.href : null;
  } catch { return null; }
};
const go = u => { const url = safe(u); if (url) location.assign(url); };
const get = (url, init = {}) => fetch(url, { ...init, headers: { 'X-Fragment': '*', ...init.headers } });

// Toasts: polite, held while hovered or focused, with an optional button.
function toast(text, label, act) {
  if (!toasts || !text) return;
  const t = el('div', 'toast'); let timer;
  const close = () => { clearTimeout(timer); t.remove(); };
  const arm = () => { clearTimeout(timer); timer = setTimeout(close, label ? 12000 : 6000); };
  t.append(el('span', '', text));
  if (label) {
    const b = el('button', 'btn', label);
    b.type = 'button';
    b.onclick = () => { close(); act(); };
    t.append(b);
  }
  t.onmouseenter = () => clearTimeout(timer);
  t.onmouseleave = arm;
  hear(t, 'focusin', t.onmouseenter);
  hear(t, 'focusout', arm);
  toasts.append(t); arm();
}
function announce(doc) {
  const n = $('#toast-new', doc);
  if (!n) return;
  const undo = n.dataset.undo && safe(n.dataset.undo);
  toast(n.textContent.trim(), undo && words.undo, async () => {
    const form = new URLSearchParams(), token = $('input[name=csrf]');
    if (token) form.set('csrf', token.value);
    try { apply(parse(await (await get(undo, { method: 'POST', body: form })).text())); } catch { toast(words.failed); }
  });
  n.remove();
}

// Fragments: each one replaces the element of its id; none at all replaces <main>.
const typing = e => !!e && (e.isContentEditable || /^(TEXTAREA|SELECT)$/.test(e.tagName) || e.tagName === 'INPUT' && !/^(button|submit|checkbox|radio|range|file)$/.test(e.type));
function swap(old, next) {
  const f = d.activeElement, inside = f && f !== body && old.contains(f);
  if (inside && typing(f) && !next.hasAttribute('data-force')) return;
  const open = $$('details[open][id]', old).map(e => e.id);
  old.replaceWith(next);
  for (const id of open) { const e = d.getElementById(id); if (e) e.open = true; }
  if (inside) {
    const href = f.getAttribute('href');
    const again = f.id ? d.getElementById(f.id) : href && $$('a', next).find(a => a.getAttribute('href') === href);
    if (again) again.focus({ preventScroll: true });
  }
}
function apply(doc) {
  announce(doc);
  // An error summary is never left out, nor left behind.
  const force = [doc, d].some(x => { const s = $('.summary', x); return s && !s.closest('[data-frag]'); });
  const frags = $$('[data-frag][id]', doc).filter(e => !e.parentElement.closest('[data-frag]') && d.getElementById(e.id));
  if (frags.length && !force) for (const n of frags) swap(d.getElementById(n.id), n);
  else if ($('main', doc) && $('main')) {
    const m = $('main', doc);
    m.setAttribute('data-force', '');
    swap($('main'), m);
  }
  if (doc.title) d.title = doc.title;
  const s = $('.summary');
  if (s) { s.tabIndex = -1; s.focus(); }
  ready();
}

// Enhanced forms: the same request and the same answer as without script.
const uuid = () => '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, c => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));
async function send(form, button) {
  const method = (button?.getAttribute('formmethod') || form.method).toUpperCase();
  const target = safe(button?.getAttribute('formaction') || form.getAttribute('action') || location.href);
  if (!target) return;
  if (form._busy) { if (method === 'POST') return; form._busy.abort(); }
  const stop = form._busy = new AbortController();
  const cid = form.elements.client_id;
  if (cid && !cid.value) cid.value = uuid();
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  button?.setAttribute('aria-busy', 'true');
  try {
    const multipart = form.enctype === 'multipart/form-data', query = multipart ? null : new URLSearchParams(data);
    const url = new URL(target);
    if (method === 'GET') url.search = query;
    const res = await get(url, method === 'GET' ? { signal: stop.signal } : { method, body: multipart ? data : query, signal: stop.signal });
    const end = new URL(res.url);
    if (res.redirected && end.pathname !== location.pathname) return go(end);
    const doc = parse(await res.text());
    if (res.ok && cid) cid.value = '';
    if (method === 'GET' || res.redirected) history.replaceState(null, '', end);
    apply(doc);
  } catch (e) {
    if (e.name !== 'AbortError') toast(words.failed, words.retry, () => send(form, button));
  } finally {
    if (form._busy === stop) form._busy = null;
    button?.removeAttribute('aria-busy');
  }
}
hear(d, 'submit', e => {
  const form = e.target;
  if (e.defaultPrevented || !form.matches('form[data-enhance]')) return;
  e.preventDefault();
  send(form, e.submitter);
});
let autoTimer;
hear(d, 'input', e => {
  const form = e.target.form;
  if (!form || !form.matches('[data-auto][data-enhance]') || form.method !== 'get') return;
  clearTimeout(autoTimer);
  autoTimer = setTimeout(() => send(form), 250);
});

// Fragments fetched after load, or again on an event.
async function refetch(e) {
  const url = safe(e.dataset.src);
  if (!url) return;
  try {
    const res = await get(url);
    if (res.ok) apply(parse(await res.text()));
  } catch { /* the link inside the fragment stays */ }
}

// Live events: one connection a page, refetches collected for 300 ms.
let source, tries = 0, liveTimer, last = body.dataset.last;
const waiting = new Map();
const badge = up => {
  const b = $('#live');
  if (!b) return;
  b.hidden = 0;
  b.className = up ? 'badge ok' : 'badge warn';
  b.textContent = up ? b.dataset.up : b.dataset.down;
};
function onEvent(type, e) {
  if (e.lastEventId) last = e.lastEventId;
  let key = null;
  try { const j = JSON.parse(e.data); key = String(j.key ?? j.id ?? ''); } catch { /* no key */ }
  for (const n of $$('[data-on][data-src]')) {
    const on = n.dataset.on.split(' ');
    if (type !== 'reset' && (!on.includes(type) || n.dataset.key && key && n.dataset.key !== key)) continue;
    if (!waiting.has(n.dataset.src)) waiting.set(n.dataset.src, setTimeout(() => { waiting.delete(n.dataset.src); refetch(n); }, 300));
  }
}
function live() {
  const address = body.dataset.live && safe(body.dataset.live);
  if (!address || source) return;
  const url = new URL(address);
  if (last) url.searchParams.set('last_event_id', last);
  source = new EventSource(url);
  source.onopen = () => { tries = 0; badge(true); };
  source.onerror = () => {
    badge(false);
    if (source && source.readyState === 2) {
      source = null;
      clearTimeout(liveTimer);
      liveTimer = setTimeout(live, Math.min(30000, 1000 * 2 ** tries++) * (.5 + Math.random() / 2));
    }
  };
  const names = new Set(['reset']);
  for (const n of $$('[data-on]')) for (const t of n.dataset.on.split(' ')) names.add(t);
  for (const t of names) hear(source, t, e => onEvent(t, e));
}
hear(window, 'pagehide', () => { clearTimeout(liveTimer); source?.close(); source = null; });
hear(window, 'pageshow', e => { if (e.persisted) live(); });

// Relative time, in the words the server gave.
const ago = (words.ago || '').split('|');
function times() {
  if (ago.length < 5) return;
  for (const t of $$('time[data-rel]')) {
    const s = Math.max(0, Math.floor((Date.now() - Date.parse(t.dateTime)) / 1000));
    if (!(s >= 0)) continue;
    const [i, n] = s < 60 ? [0, s] : s < 3600 ? [1, s / 60] : s < 86400 ? [2, s / 3600] : s < 172800 ? [3, 1] : [4, s / 86400];
    const text = ago[i].replace('{n}', Math.floor(n));
    if (t.textContent !== text) t.textContent = text;
    const stale = +t.dataset.stale;
    if (stale && s > stale) t.closest('.age')?.classList.add('stale');
  }
}

// Theme, kept in a cookie that the server reads.
const dark = () => d.documentElement.dataset.theme ? d.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme:dark)').matches;
hear(d, 'click', e => {
  const b = e.target.closest('[data-theme-toggle]');
  if (!b) return;
  const theme = dark() ? 'light' : 'dark';
  d.documentElement.dataset.theme = theme;
  d.cookie = 'theme=' + theme + ';path=/;max-age=31536000;samesite=lax' + (location.protocol === 'https:' ? ';secure' : '');
  b.setAttribute('aria-pressed', dark());
});

// Palette.
const palette = $('#palette');
if (palette) {
  const input = $('input', palette), list = $('ul', palette), none = $('p', palette), url = safe(body.dataset.search);
  let at = -1, turn = 0, timer;
  const pick = i => {
    const all = $$('li', list);
    at = all.length ? (i + all.length) % all.length : -1;
    all.forEach((o, n) => o.setAttribute('aria-selected', n === at));
    if (at < 0) input.removeAttribute('aria-activedescendant');
    else { input.setAttribute('aria-activedescendant', all[at].id); all[at].scrollIntoView({ block: 'nearest' }); }
  };
  const show = links => {
    list.replaceChildren(...links.map((a, n) => {
      const o = el('li');
      o.id = 'opt' + n; o.setAttribute('role', 'option'); o.dataset.href = a.getAttribute('href');
      o.append(el('span', '', (a.dataset.label || a.textContent).trim()));
      if (a.dataset.meta) o.append(el('small', '', a.dataset.meta));
      return o;
    }));
    none.hidden = !!links.length || !input.value.trim();
    input.setAttribute('aria-expanded', links.length > 0);
    pick(0);
  };
  const local = () => $$('main a[data-action],.side li a');
  const look = async () => {
    const q = input.value.trim(), mine = ++turn;
    if (!q || !url) return show(local());
    const u = new URL(url);
    u.searchParams.set('q', q);
    try {
      const res = await get(u), doc = parse(await res.text()), found = $$('[data-results] a[href]', doc).slice(0, 20);
      if (res.redirected) {
        const a = el('a', '', $('h1', doc)?.textContent);
        a.href = res.url;
        found.unshift(a);
      }
      if (mine === turn) show([...found, ...local().filter(a => a.textContent.toLowerCase().includes(q.toLowerCase()))]);
    } catch { if (mine === turn) show([]); }
  };
  const open = () => { if (!palette.open) { input.value = ''; palette.showModal(); look(); } };
  hear(d, 'click', e => {
    if (e.target.closest('[data-palette]') && !e.ctrlKey && !e.metaKey) { e.preventDefault(); open(); }
    else if (e.target === palette) palette.close();
    else { const o = e.target.closest('#palette li'); if (o) go(o.dataset.href); }
  });
  hear(input, 'input', () => { clearTimeout(timer); timer = setTimeout(look, 150); });
  hear(input, 'keydown', e => {
    if (e.key === 'ArrowDown') pick(at + 1);
    else if (e.key === 'ArrowUp') pick(at - 1);
    else if (e.key === 'Enter') { const o = $$('li', list)[at]; if (o) go(o.dataset.href); }
    else return;
    e.preventDefault();
  });
  hear(d, 'keydown', e => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') { e.preventDefault(); open(); }
  });
}

// Keys, never while typing.
let lead = 0;
hear(d, 'keydown', e => {
  if (body.dataset.keys === 'off' || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $('dialog[open]')) return;
  const k = e.key;
  if (lead && e.timeStamp - lead < 1500) {
    lead = 0;
    const a = $$('a[data-key]').find(x => x.dataset.key === k);
    if (a) { e.preventDefault(); go(a.href); }
    return;
  }
  lead = 0;
  if (k === 'g') lead = e.timeStamp;
  else if (k === '/') {
    const s = $('main input[type=search]') || $('[data-palette]');
    if (s) { e.preventDefault(); s.matches('input') ? s.focus() : s.click(); }
  } else if (k === '?') $('#keys')?.showModal();
  else if (k === 'j' || k === 'k') {
    const rows = $$('main .table tbody th a, main a.item'), i = rows.indexOf(d.activeElement);
    rows[i < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, i + (k === 'j' ? 1 : -1)))]?.focus();
  } else if (k === 'x') d.activeElement.closest('tr')?.querySelector('[type=checkbox]')?.click();
  else { const h = $$('[data-hotkey]').find(x => x.dataset.hotkey === k); if (h) { e.preventDefault(); h.click(); } }
});
hear(window, 'offline', () => toast(words.offline));
hear(window, 'online', () => toast(words.online));

function ready() {
  times();
  for (const e of $$('[data-src]')) if (!e._lazy && (!e.dataset.on || e.dataset.on.split(' ').includes('load'))) { e._lazy = 1; refetch(e); }
}
for (const b of $$('[data-theme-toggle]')) { b.hidden = false; b.setAttribute('aria-pressed', dark()); }
announce(d);
ready();
setInterval(times, 10000);
live();
})();
