// Drives FakeStripe with the official client, and compares form encodings.
//
//   node stripe-judge.mjs <folder with node_modules/stripe> <fake_stripe> <encode_form> <structures> <seed>
//
// Prints one line for each thing judged; exits 1 when any was found wrong.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, fakeProgram, encodeProgram, structures, seed] = process.argv.slice(2);
const load = createRequire(path.join(folder, 'judge.js'));
const loaded = load('stripe');
const Stripe = loaded.Stripe ?? loaded.default ?? loaded;
const { queryStringifyRequestData } = await import(
  pathToFileURL(path.join(folder, 'node_modules/stripe/esm/utils.js')).href
);

let failures = 0;
let judged = 0;
async function judge(what, act) {
  judged += 1;
  try {
    const note = await act();
    console.log(`ok    ${what}${note ? ` (${note})` : ''}`);
  } catch (error) {
    failures += 1;
    console.log(`WRONG ${what}: ${String(error?.message ?? error).split('\n').slice(0, 12).join('\n      ')}`);
  }
}
async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}

// The endpoint of the webhooks.
const secrets = ['whsec_judge_new', 'whsec_judge_old'];
const received = [];
const endpoint = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    received.push({ body: Buffer.concat(parts), signature: request.headers['stripe-signature'], type: request.headers['content-type'] });
    response.writeHead(received.length % 7 === 3 ? 500 : 200).end();
  });
});
await new Promise((ready) => endpoint.listen(0, '127.0.0.1', ready));
const hook = `http://127.0.0.1:${endpoint.address().port}/webhook/stripe`;

const child = spawn(
  fakeProgram,
  ['--webhook', hook, '--secret', secrets[0], '--secret', secrets[1], '--duplicates', '3', '--shuffle', 'true', '--seed', seed],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const about = JSON.parse((await lines.next()).value);
async function tell(command) {
  child.stdin.write(`${command}\n`);
  return (await lines.next()).value;
}
const address = new URL(about.url);
const settings = { host: address.hostname, port: address.port, protocol: 'http', maxNetworkRetries: 0, telemetry: false };
const stripe = new Stripe(about.secret_key, settings);

const line = (amount, currency = 'cad') => ({
  quantity: 1,
  price_data: { currency, unit_amount: amount, product_data: { name: 'Facture — Août' } },
});
const page = (amount, more = {}) => ({
  mode: 'payment',
  line_items: [line(amount)],
  client_reference_id: 'SINV-0042',
  metadata: { invoice: 'SINV-0042' },
  payment_intent_data: { metadata: { invoice: 'SINV-0042' } },
  success_url: 'https://portail.example.ca/#/merci?s={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://portail.example.ca/#/factures',
  ...more,
});
const submit = (url, form) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

let customer;
let paid;
await judge('customers: create, retrieve, update, delete', async () => {
  customer = await stripe.customers.create({ name: 'Marie Tremblay', email: 'marie@example.ca', preferred_locales: ['fr-CA'], metadata: { customer: 'CUST-7', 'weird key': 'é & =' } });
  assert.match(customer.id, /^cus_/);
  assert.match(customer.lastResponse.requestId, /^req_/);
  assert.equal(customer.metadata['weird key'], 'é & =');
  const again = await stripe.customers.retrieve(customer.id);
  assert.equal(again.email, 'marie@example.ca');
  const changed = await stripe.customers.update(customer.id, { phone: '418-555-0142', metadata: { 'weird key': '' } });
  assert.equal(changed.phone, '418-555-0142');
  assert.deepEqual(changed.metadata, { customer: 'CUST-7' });
  const cleared = await stripe.customers.update(customer.id, { phone: null });
  assert.equal(cleared.phone, null);
  const other = await stripe.customers.create({});
  assert.equal((await stripe.customers.del(other.id)).deleted, true);
  const gone = await refused(stripe.customers.retrieve(other.id));
  assert.equal(gone.statusCode, 404);
  assert.equal(gone.code, 'resource_missing');
});
await judge('customers: search', async () => {
  const found = await stripe.customers.search({ query: "metadata['customer']:'CUST-7' AND email:'marie@example.ca'" });
  assert.deepEqual(found.data.map((c) => c.id), [customer.id]);
});

await judge('checkout: a page is paid by its hosted form', async () => {
  const session = await stripe.checkout.sessions.create(page(11497));
  assert.equal(session.status, 'open');
  assert.equal(session.payment_status, 'unpaid');
  assert.equal(session.amount_total, 11497);
  assert.equal(session.livemode, false);
  const shown = await fetch(session.url);
  assert.equal(shown.status, 200);
  const text = await shown.text();
  assert.match(text, /lang="fr-CA"/);
  assert.match(text, /Payer 114,97/);
  const declined = await submit(session.url, { action: 'pay', card: 'insufficient_funds' });
  assert.equal(declined.status, 402);
  assert.match(await declined.text(), /insufficient funds/);
  const back = await submit(session.url, { action: 'pay', card: 'visa', email: 'jo@example.ca' });
  assert.equal(back.status, 303);
  assert.equal(back.headers.get('location'), `https://portail.example.ca/#/merci?s=${session.id}`);
  paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge', 'line_items'] });
  assert.equal(paid.status, 'complete');
  assert.equal(paid.payment_status, 'paid');
  assert.equal(paid.customer_details.email, 'jo@example.ca');
  assert.equal(paid.payment_intent.status, 'succeeded');
  assert.equal(paid.payment_intent.metadata.invoice, 'SINV-0042');
  assert.equal(paid.payment_intent.latest_charge.amount, 11497);
  assert.equal(paid.line_items.data[0].amount_total, 11497);
  const listed = await stripe.checkout.sessions.list({ payment_intent: paid.payment_intent.id });
  assert.deepEqual(listed.data.map((s) => s.id), [session.id]);
  const items = await stripe.checkout.sessions.listLineItems(session.id);
  assert.equal(items.data[0].description, 'Facture — Août');
});
await judge('checkout: given up, ended, listed by status', async () => {
  const session = await stripe.checkout.sessions.create(page(500, { customer: customer.id }));
  const back = await submit(session.url, { action: 'cancel' });
  assert.equal(back.status, 303);
  assert.equal(back.headers.get('location'), 'https://portail.example.ca/#/factures');
  assert.equal((await stripe.checkout.sessions.expire(session.id)).status, 'expired');
  const wrong = await refused(stripe.checkout.sessions.expire(session.id));
  assert.equal(wrong.type, 'StripeInvalidRequestError');
  const ended = await stripe.checkout.sessions.list({ customer: customer.id, status: 'expired' });
  assert.equal(ended.data.length, 1);
});
await judge('checkout: a card is saved', async () => {
  const session = await stripe.checkout.sessions.create({ mode: 'setup', currency: 'cad', customer: customer.id, success_url: 'https://portail.example.ca/', setup_intent_data: { metadata: { customer: 'CUST-7' } } });
  assert.equal((await submit(session.url, { action: 'pay', card: 'mastercard' })).status, 303);
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent.payment_method'] });
  assert.equal(done.payment_status, 'no_payment_required');
  assert.equal(done.setup_intent.status, 'succeeded');
  assert.equal(done.setup_intent.payment_method.card.last4, '4444');
});
await judge('checkout: a subscription begins', async () => {
  const monthly = line(4999);
  monthly.price_data.recurring = { interval: 'month' };
  const session = await stripe.checkout.sessions.create({ mode: 'subscription', line_items: [monthly], customer: customer.id, success_url: 'https://portail.example.ca/', subscription_data: { metadata: { contract: '9' } } });
  assert.equal((await submit(session.url, { card: 'visa' })).status, 303);
  const done = await stripe.checkout.sessions.retrieve(session.id);
  assert.match(done.subscription, /^sub_/);
});
await judge('checkout: a bank debit is complete before it is paid', async () => {
  const session = await stripe.checkout.sessions.create(page(9900, { payment_method_types: ['card', 'acss_debit'] }));
  await submit(session.url, { card: 'bank_debit' });
  const done = await stripe.checkout.sessions.retrieve(session.id);
  assert.deepEqual([done.status, done.payment_status], ['complete', 'unpaid']);
  assert.equal(await tell(`settle ${session.id} succeeded`), 'ok');
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).payment_status, 'paid');
});

await judge('billing portal', async () => {
  const session = await stripe.billingPortal.sessions.create({ customer: customer.id, return_url: 'https://portail.example.ca/', flow_data: { type: 'payment_method_update' } });
  assert.match(await (await fetch(session.url)).text(), /Modes de paiement/);
  const back = await submit(session.url, { action: 'add', card: 'amex' });
  assert.equal(back.status, 303);
  assert.equal(back.headers.get('location'), 'https://portail.example.ca/');
  const now = await stripe.customers.retrieve(customer.id, { expand: ['invoice_settings.default_payment_method'] });
  assert.equal(now.invoice_settings.default_payment_method.card.brand, 'amex');
});

await judge('setup intents, payment methods', async () => {
  const setup = await stripe.setupIntents.create({ customer: customer.id, usage: 'off_session', payment_method: 'pm_card_visa', confirm: true, automatic_payment_methods: { enabled: true, allow_redirects: 'never' } });
  assert.equal(setup.status, 'succeeded');
  const cards = await stripe.paymentMethods.list({ customer: customer.id, type: 'card' });
  assert.equal(cards.data[0].id, setup.payment_method);
  assert.equal((await stripe.customers.listPaymentMethods(customer.id)).data.length, cards.data.length);
  assert.equal((await stripe.paymentMethods.detach(setup.payment_method)).customer, null);
  const attached = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  assert.equal(attached.customer, customer.id);
  const declined = await refused(stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: customer.id }));
  assert.equal(declined.type, 'StripeCardError');
  const failed = await refused(stripe.setupIntents.create({ customer: customer.id, payment_method: 'pm_card_chargeDeclinedExpiredCard', confirm: true }));
  assert.equal(failed.code, 'expired_card');
  assert.equal(failed.setup_intent.status, 'requires_payment_method');
});

const off = (payment_method, more = {}) => ({ amount: 4999, currency: 'cad', customer: customer.id, payment_method, off_session: true, confirm: true, metadata: { invoice: 'SINV-0043' }, ...more });
await judge('payment intents: an off-session charge', async () => {
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const payment = await stripe.paymentIntents.create(off(card.id));
  assert.equal(payment.status, 'succeeded');
  assert.equal(payment.amount_received, 4999);
  const found = await stripe.paymentIntents.search({ query: 'metadata["invoice"]:"SINV-0043" AND status:"succeeded"' });
  assert.equal(found.data[0].id, payment.id);
  const charge = await stripe.charges.retrieve(payment.latest_charge);
  assert.equal(charge.payment_intent, payment.id);
});
for (const [card, code, decline, advice] of [
  ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline', 'try_again_later'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds', 'try_again_later'],
  ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card', 'do_not_try_again'],
  ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card', 'do_not_try_again'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined, undefined],
  ['pm_card_authenticationRequired', 'authentication_required', 'authentication_required', undefined],
]) {
  await judge(`payment intents: off session with ${card}`, async () => {
    const error = await refused(stripe.paymentIntents.create(off(card)));
    assert.equal(error.type, 'StripeCardError');
    assert.equal(error.statusCode, 402);
    assert.equal(error.code, code);
    assert.equal(error.decline_code || undefined, decline);
    assert.equal(error.raw.advice_code, advice);
    assert.equal(error.payment_intent.status, 'requires_payment_method');
    assert.equal(error.payment_intent.last_payment_error.code, code);
    assert.match(error.requestId, /^req_/);
  });
}
await judge('payment intents: confirmed later, given up, taken part in', async () => {
  const payment = await stripe.paymentIntents.create({ amount: 700, currency: 'cad' });
  assert.equal(payment.status, 'requires_payment_method');
  const taken = await stripe.paymentIntents.confirm(payment.id, { payment_method: 'pm_card_visa' });
  assert.equal(taken.status, 'succeeded');
  const wrong = await refused(stripe.paymentIntents.cancel(payment.id));
  assert.equal(wrong.code, 'payment_intent_unexpected_state');
  const other = await stripe.paymentIntents.create({ amount: 700, currency: 'cad' });
  assert.equal((await stripe.paymentIntents.cancel(other.id)).status, 'canceled');
  const action = await stripe.paymentIntents.create({ amount: 700, currency: 'cad', payment_method: 'pm_card_authenticationRequired', confirm: true });
  assert.equal(action.status, 'requires_action');
});

await judge('refunds: parts, too much, a later failure', async () => {
  const payment = paid.payment_intent.id;
  const part = await stripe.refunds.create({ payment_intent: payment, amount: 1000, reason: 'requested_by_customer' });
  assert.equal(part.status, 'succeeded');
  const tooMuch = await refused(stripe.refunds.create({ payment_intent: payment, amount: 11000 }));
  assert.equal(tooMuch.type, 'StripeInvalidRequestError');
  assert.equal(tooMuch.param, 'amount');
  const rest = await stripe.refunds.create({ charge: paid.payment_intent.latest_charge.id });
  assert.equal(rest.amount, 10497);
  let charge = await stripe.charges.retrieve(paid.payment_intent.latest_charge.id);
  assert.deepEqual([charge.refunded, charge.amount_refunded], [true, 11497]);
  const again = await refused(stripe.refunds.create({ payment_intent: payment }));
  assert.equal(again.code, 'charge_already_refunded');
  assert.equal(await tell(`fail_refund ${part.id}`), 'ok');
  assert.equal((await stripe.refunds.retrieve(part.id)).status, 'failed');
  charge = await stripe.charges.retrieve(charge.id);
  assert.deepEqual([charge.refunded, charge.amount_refunded], [false, 10497]);
  const listed = await stripe.refunds.list({ payment_intent: payment });
  assert.deepEqual(listed.data.map((r) => r.id), [rest.id, part.id]);
});

await judge('idempotency: the same answer for the same key', async () => {
  const options = { idempotencyKey: 'judge-1' };
  const one = await stripe.customers.create({ name: 'Une' }, options);
  assert.equal(one.lastResponse.headers['idempotent-replayed'], undefined);
  const two = await stripe.customers.create({ name: 'Une' }, options);
  assert.equal(two.id, one.id);
  assert.equal(two.lastResponse.headers['idempotent-replayed'], 'true');
  const other = await refused(stripe.customers.create({ name: 'Deux' }, options));
  assert.equal(other.type, 'StripeIdempotencyError');
  assert.equal(other.statusCode, 400);
  const declined = { idempotencyKey: 'judge-2' };
  const first = await refused(stripe.paymentIntents.create(off('pm_card_chargeDeclined'), declined));
  const second = await refused(stripe.paymentIntents.create(off('pm_card_chargeDeclined'), declined));
  assert.equal(second.payment_intent.id, first.payment_intent.id);
});
await judge('idempotency: what was refused before it began is not kept', async () => {
  const options = { idempotencyKey: 'judge-3' };
  const wrong = await refused(stripe.paymentIntents.create({ amount: 0, currency: 'cad' }, options));
  assert.equal(wrong.param, 'amount');
  assert.equal((await stripe.paymentIntents.create({ amount: 100, currency: 'cad' }, options)).amount, 100);
});
await judge('idempotency: a call under way is a conflict, and the client waits', async () => {
  assert.equal(await tell('processing 300'), 'ok');
  const options = { idempotencyKey: 'judge-4', maxNetworkRetries: 3 };
  const [one, two] = await Promise.all([
    stripe.customers.create({ name: 'Même' }, options),
    stripe.customers.create({ name: 'Même' }, options),
  ]);
  assert.equal(two.id, one.id);
  const raw = () => fetch(`${about.url}/v1/customers`, { method: 'POST', body: 'name=x', headers: { authorization: `Bearer ${about.secret_key}`, 'idempotency-key': 'judge-5' } });
  const statuses = (await Promise.all([raw(), raw()])).map((answer) => answer.status).sort();
  assert.deepEqual(statuses, [200, 409]);
  assert.equal(await tell('processing 0'), 'ok');
});
await judge('idempotency: a failure is kept too, and retries keep the key', async () => {
  assert.equal(await tell('fail_writes 1'), 'ok');
  const failed = await refused(stripe.customers.create({}, { idempotencyKey: 'judge-6' }));
  assert.equal(failed.statusCode, 500);
  assert.equal((await refused(stripe.customers.create({}, { idempotencyKey: 'judge-6' }))).statusCode, 500);
  assert.ok((await stripe.customers.create({}, { idempotencyKey: 'judge-7' })).id);
});

await judge('lists: every item once, page by page', async () => {
  const made = [];
  for (let n = 0; n < 25; n += 1) made.push((await stripe.customers.create({ email: 'liste@example.ca', name: `Client ${n}` })).id);
  const seen = [];
  await stripe.customers.list({ email: 'liste@example.ca', limit: 7 }).autoPagingEach((c) => {
    seen.push(c.id);
  });
  assert.deepEqual(seen, [...made].reverse());
  const before = await stripe.customers.list({ email: 'liste@example.ca', ending_before: seen[10], limit: 4 });
  assert.deepEqual(before.data.map((c) => c.id), seen.slice(6, 10));
  assert.equal(before.has_more, true);
  const wrong = await refused(stripe.customers.list({ limit: 101 }));
  assert.equal(wrong.param, 'limit');
});
await judge('events: listed, read, by kind', async () => {
  const events = await stripe.events.list({ types: ['checkout.session.completed', 'payment_intent.succeeded'], limit: 100 });
  const done = events.data.find((e) => e.data.object.id === paid.id);
  assert.equal(done.type, 'checkout.session.completed');
  assert.equal((await stripe.events.retrieve(done.id)).data.object.payment_intent, paid.payment_intent.id);
  assert.ok((await stripe.events.list({ type: 'charge.*' })).data.every((e) => e.type.startsWith('charge.')));
});
await judge('errors: the key, unknown parameters, unknown ids, unknown addresses, references', async () => {
  const stranger = new Stripe('sk_test_wrong', settings);
  assert.equal((await refused(stranger.balance.retrieve())).type, 'StripeAuthenticationError');
  assert.equal((await stripe.balance.retrieve()).livemode, false);
  const unknown = await refused(stripe.customers.create({ nome: 'x' }));
  assert.deepEqual([unknown.code, unknown.param], ['parameter_unknown', 'nome']);
  const missing = await refused(stripe.paymentIntents.create({ currency: 'cad' }));
  assert.deepEqual([missing.code, missing.param], ['parameter_missing', 'amount']);
  const nobody = await refused(stripe.paymentIntents.create({ amount: 100, currency: 'cad', customer: 'cus_x' }));
  assert.deepEqual([nobody.statusCode, nobody.code, nobody.param], [400, 'resource_missing', 'customer']);
  assert.equal((await refused(stripe.products.list())).statusCode, 404);
  const plain = await refused(stripe.customers.retrieve(customer.id, { expand: ['email'] }));
  assert.match(plain.message, /cannot be expanded/);
  const answer = await fetch(`${about.url}/v1/balance`, { headers: { authorization: `Basic ${Buffer.from(`${about.secret_key}:`).toString('base64')}`, 'stripe-version': '2026-10-28.endive' } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('stripe-version'), '2026-10-28.endive');
});

await judge('webhooks: accepted by constructEvent, each at least once', async () => {
  const wanted = new Set();
  await stripe.events.list({ limit: 100 }).autoPagingEach((event) => {
    wanted.add(event.id);
  });
  const seen = new Map();
  const until = Date.now() + 30_000;
  for (;;) {
    for (const { body, signature } of received) {
      for (const secret of secrets) {
        const event = stripe.webhooks.constructEvent(body, signature, secret);
        seen.set(event.id, event);
      }
    }
    if ([...wanted].every((id) => seen.has(id))) break;
    assert.ok(Date.now() < until, `${wanted.size - seen.size} events did not come`);
    await new Promise((next) => setTimeout(next, 50));
  }
  for (const event of seen.values()) {
    assert.equal(event.object, 'event');
    assert.equal(typeof event.created, 'number');
    assert.ok(event.data.object.id && event.data.object.object);
  }
  assert.throws(() => stripe.webhooks.constructEvent(received[0].body, received[0].signature, 'whsec_other'));
  assert.ok(received.length > wanted.size);
  return `${received.length} deliveries of ${wanted.size} events, ${secrets.length} secrets`;
});

// Forms.
const random = (() => {
  let state = Number(seed) >>> 0;
  return (end) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return (state ^ (state >>> 12)) % end;
  };
})();
const ALPHABET = ['a', 'Z', '0', '9', ' ', '+', '&', '=', '[', ']', '%', '!', '*', "'", '(', ')', '~', '-', '_', '.', '/', '?', '#', '{', '}', '"', '\\', '\n', '\u0000', 'é', '—', '✓', '😀', '\u200d'];
const word = (most) => Array.from({ length: random(most) }, () => ALPHABET[random(ALPHABET.length)]).join('');
function value(depth) {
  switch (random(depth > 0 ? 9 : 6)) {
    case 0:
      return null;
    case 1:
      return random(2) === 0;
    case 2:
      return random(2_000_000_000) - 1_000_000_000;
    case 3:
    case 4:
    case 5:
      return word(12);
    case 6:
      return Array.from({ length: random(4) }, () => value(depth - 1));
    default:
      return structure(depth - 1);
  }
}
// A letter in front: JavaScript moves names that are numbers to the front of an object.
const structure = (depth) => Object.fromEntries(Array.from({ length: random(5) }, () => [`k${word(6)}`, value(depth)]));
const table = [
  { mode: 'payment', line_items: [{ quantity: 1, price_data: { currency: 'cad', unit_amount: 11497, product_data: { name: 'Facture — Août' } } }] },
  { metadata: { 'weird[key]': 'a&b=c' } },
  { expand: ['payment_intent.latest_charge', 'customer'], limit: 100, a: null, b: '', c: true, created: { gte: 1763827200 } },
  { items: [], obj: {}, emoji: '✓ +', arr: [[1, 2], [3]] },
  { success_url: 'https://portal.example/#/paid?session={CHECKOUT_SESSION_ID}' },
];
await judge('forms: byte for byte as the client writes them', async () => {
  const inputs = [...table, ...Array.from({ length: Number(structures) }, () => structure(4))];
  const ran = spawnSync(encodeProgram, { input: inputs.map((input) => `${JSON.stringify(input)}\n`).join(''), maxBuffer: 1 << 30 });
  assert.equal(ran.status, 0, String(ran.stderr));
  const ours = ran.stdout.toString().split('\n');
  inputs.forEach((input, at) => assert.equal(ours[at], queryStringifyRequestData(input), JSON.stringify(input)));
  return `${table.length} of the table, ${structures} random`;
});

child.stdin.end();
endpoint.close();
endpoint.closeAllConnections();
console.log(`${judged - failures} of ${judged} right, by stripe ${Stripe.PACKAGE_VERSION}`);
process.exit(failures === 0 ? 0 : 1);
