import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { explainRefusal } from "../../static/js/connection/refusal.js";
import { LiveSource, socketUrl } from "../../static/js/connection/websocket.js";

class FakeClock {
  constructor() {
    this.time = 0;
    this.timers = [];
  }
  now = () => this.time;
  setTimeout = (callback, ms) => {
    const timer = { callback, at: this.time + ms };
    this.timers.push(timer);
    return timer;
  };
  clearTimeout = (timer) => {
    this.timers = this.timers.filter((other) => other !== timer);
  };
  tick(ms) {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.time = next.at;
      this.clearTimeout(next);
      next.callback();
    }
    this.time = end;
  }
}

function setUp(options = {}) {
  const clock = new FakeClock();
  const sockets = [];
  const told = { states: [], messages: [], frames: [], problems: [] };
  class FakeSocket {
    constructor(url, protocols) {
      Object.assign(this, { url, protocols, sent: [], closed: false });
      sockets.push(this);
    }
    send(text) {
      this.sent.push(text);
    }
    close() {
      this.closed = true;
    }
    hear(message) {
      this.onmessage?.({ data: typeof message === "string" || message instanceof ArrayBuffer ? message : JSON.stringify(message) });
    }
    drop(reaction, reason, watch = null) {
      if (reaction) this.hear({ type: "closing", code: 4000, reason, reaction, watch });
      this.onclose?.({});
    }
  }
  const source = new LiveSource({
    url: "http://h:1/p/",
    WebSocketClass: FakeSocket,
    clock,
    random: () => 1,
    onMessage: (message) => told.messages.push(message),
    onFrame: (buffer) => told.frames.push(buffer),
    onState: (state, sentence, watch) => {
      told.states.push([state, sentence]);
      told.watch = watch;
    },
    onProblem: (sentence) => told.problems.push(sentence),
    ...options,
  });
  source.open();
  return { source, clock, sockets, told, state: () => told.states.at(-1)[0], hello: (session = "s1") => sockets.at(-1).hear({ type: "hello", protocol: 1, session, limits: { lost_seconds: 12 } }) };
}

test("the address is beside the page, under any prefix", () => {
  assert.equal(socketUrl("http://h:1/a/b/?q=1#x", null), "ws://h:1/a/b/ws");
  assert.equal(socketUrl("https://h/index.html", "s 1"), "wss://h/ws?session=s%201");
  assert.equal(socketUrl("http://h/?token=a%26b&embed=1", "s"), "ws://h/ws?session=s&token=a%26b");
  assert.equal(socketUrl("http://h/?token=abcd", null), "ws://h/ws?token=abcd");
});

test("it connects with the catalog that it has loaded, which takes the place of what hello leaves out", async () => {
  const catalog = { catalog: "c1", schema: { title: "Config" }, glossary: [] };
  const { source, sockets, told, clock } = setUp({ loadCatalog: () => Promise.resolve(catalog) });
  assert.equal(sockets.length, 0);
  await Promise.resolve();
  assert.match(sockets[0].url, /\/ws\?catalog=c1$/);
  const hello = { type: "hello", protocol: 1, session: "s1", limits: { lost_seconds: 12 } };
  sockets[0].hear({ ...hello, catalog: "c1" });
  assert.deepEqual(told.messages.at(-1), { ...hello, ...catalog });
  sockets[0].drop();
  clock.tick(500);
  assert.match(sockets[1].url, /\?session=s1&catalog=c1$/);
  const whole = { ...hello, catalog: "c2", schema: {}, glossary: ["new"] };
  sockets[1].hear(whole);
  assert.deepEqual(told.messages.at(-1), whole, "a server of another version says all of it");
  assert.equal(source.state, "open");
});

test("without a catalog it connects all the same, but not after it was closed", async () => {
  const { sockets } = setUp({ loadCatalog: () => Promise.resolve(null) });
  await Promise.resolve();
  assert.equal(sockets[0].url, "ws://h:1/p/ws");
  const closed = setUp({ loadCatalog: () => Promise.resolve(null) });
  closed.source.close();
  await Promise.resolve();
  assert.equal(closed.sockets.length, 0);
});

test("it asks for our protocol, and nothing can be sent before hello", () => {
  const { source, sockets, told, hello, state } = setUp();
  assert.deepEqual(sockets[0].protocols, ["gan1d.v1"]);
  assert.equal(source.send({ type: "play" }), false);
  assert.equal(state(), "connecting");
  hello();
  assert.equal(state(), "open");
  assert.equal(told.messages[0].type, "hello");
  assert.equal(source.send({ type: "play" }), true);
  assert.deepEqual(sockets[0].sent, ['{"type":"play"}']);
});

test("frames are handed on as they came", () => {
  const { sockets, told, hello } = setUp();
  hello();
  const buffer = new ArrayBuffer(4);
  sockets[0].hear(buffer);
  assert.equal(told.frames[0], buffer);
});

test("after a loss it waits 0.5 s, then twice as long each time, never beyond 8 s, and asks for its session", () => {
  const { clock, sockets, hello, state } = setUp();
  hello("abc");
  for (const wait of [500, 1000, 2000, 4000, 8000, 8000]) {
    const count = sockets.length;
    sockets.at(-1).drop();
    assert.equal(state(), "reconnecting");
    clock.tick(wait - 1);
    assert.equal(sockets.length, count);
    clock.tick(1);
    assert.equal(sockets.length, count + 1);
  }
  assert.match(sockets.at(-1).url, /\?session=abc$/);
  hello("abc");
  sockets.at(-1).drop();
  clock.tick(500);
  assert.equal(sockets.length, 8, "a hello makes the wait short again");
});

test("the wait varies, so that many pages do not come back at once", () => {
  const { clock, sockets, hello } = setUp({ random: () => 0 });
  hello();
  sockets[0].drop();
  clock.tick(250);
  assert.equal(sockets.length, 2);
});

test("a page of another version has to be reloaded", () => {
  const { clock, sockets, told } = setUp();
  sockets[0].drop("reload", "This page is of another version.");
  assert.deepEqual(told.states.at(-1), ["incompatible", "This page is of another version. Reload the page to begin again."]);
  clock.tick(60_000);
  assert.equal(sockets.length, 1);
});

test("the silence that hello names is a loss, a heartbeat is none", () => {
  const { clock, sockets, hello, state } = setUp();
  hello();
  clock.tick(11_000);
  sockets[0].hear({ type: "status" });
  clock.tick(11_000);
  assert.equal(state(), "open");
  clock.tick(1_000);
  assert.equal(state(), "reconnecting");
  assert.equal(sockets[0].closed, true);
  sockets[0].onmessage?.({ data: "{}" });
});

test("silence is measured by a clock that nobody sets back", () => {
  const wall = mock.method(Date, "now", () => assert.fail("the wall clock was asked"));
  const steady = mock.method(performance, "now");
  const timers = mock.method(globalThis, "setTimeout", () => 0);
  try {
    const { hello } = setUp({ clock: undefined });
    hello();
    assert.ok(steady.mock.callCount() > 0);
  } finally {
    for (const mocked of [wall, steady, timers]) mocked.mock.restore();
  }
});

test("a long absence is met with advice", () => {
  const { clock, sockets, told, hello } = setUp();
  hello();
  sockets[0].drop();
  assert.match(told.states.at(-1)[1], /was lost/);
  for (let index = 0; index < 4; index += 1) {
    clock.tick(8000);
    sockets.at(-1).drop();
  }
  assert.match(told.states.at(-1)[1], /Start it again with “gan1d”; this page continues by itself/);
});

test("hurrying does not wait for the next attempt", () => {
  const { source, sockets, hello } = setUp();
  hello();
  sockets[0].drop();
  source.retryNow();
  assert.equal(sockets.length, 2);
  source.retryNow();
  assert.equal(sockets.length, 2);
});

test("another protocol is refused with a sentence, for good", () => {
  const { clock, sockets, told, state } = setUp();
  sockets[0].hear({ type: "hello", protocol: 2 });
  assert.equal(state(), "incompatible");
  assert.match(told.states.at(-1)[1], /speaks protocol 1, but the server speaks 2/);
  assert.deepEqual(told.messages, []);
  clock.tick(60_000);
  assert.equal(sockets.length, 1);
});

test("who does not say hello first is not our server", () => {
  const { sockets, told, state } = setUp();
  sockets[0].hear({ type: "status" });
  assert.equal(state(), "incompatible");
  assert.match(told.states.at(-1)[1], /hello first, but it said "status"/);
});

test("the server's reasons for closing are passed on", () => {
  const full = setUp();
  full.sockets[0].drop("wait", "All places are taken.", "watch-abc");
  assert.equal(full.told.watch, "watch-abc");
  assert.deepEqual(full.told.states.at(-1), ["full", "All places are taken. Trying again…"]);
  full.clock.tick(8000);
  assert.equal(full.sockets.length, 2);
  full.sockets[1].drop();
  assert.equal(full.told.watch, null);
  const expired = setUp();
  expired.sockets[0].drop("end", "This session was idle.");
  assert.deepEqual(expired.told.states.at(-1), ["closed", "This session was idle. Reload the page to begin again."]);
  expired.clock.tick(60_000);
  assert.equal(expired.sockets.length, 1);
});

test("what cannot be understood is said, and the connection stays", () => {
  const { sockets, told, hello, state } = setUp();
  hello();
  sockets[0].hear("not JSON");
  assert.match(told.problems[0], /Expected JSON/);
  assert.equal(state(), "open");
});

test("the server may announce that it closes before it has said hello", () => {
  const { sockets, told } = setUp();
  sockets[0].drop("wait", "All places are taken.");
  assert.equal(told.messages.length, 0);
  assert.equal(told.states.at(-1)[0], "full");
});

test("a handshake that fails is explained, until one succeeds", async () => {
  let reason = "Refusing a connection.";
  const { clock, sockets, told, hello } = setUp({ explain: async () => reason });
  sockets[0].drop();
  await Promise.resolve();
  assert.deepEqual(told.states.at(-1), ["reconnecting", "Refusing a connection."]);
  clock.tick(500);
  hello();
  sockets[1].onopen();
  reason = "A reason that nothing should show.";
  sockets[1].drop();
  await Promise.resolve();
  assert.match(told.states.at(-1)[1], /was lost/);
  reason = "";
  clock.tick(500);
  sockets[2].drop();
  await Promise.resolve();
  assert.match(told.states.at(-1)[1], /was lost/);
});

test("the reason is the server's own, or the proxy's, or unknown", async () => {
  const answer = (status, type, body) => async (url, { method }) => {
    assert.equal(`${method} ${url}`, "POST http://h:1/p/identity");
    return new Response(body, { status, headers: { "Content-Type": type } });
  };
  const explain = (request) => explainRefusal("http://h:1/p/?embed=1#seed=3", request);
  assert.equal(await explain(answer(403, "text/plain; charset=utf-8", "Refusing this.\n")), "Refusing this.");
  assert.match(await explain(answer(200, "application/json", '{"program": "gan1d"}')), /headers Upgrade and Connection/);
  for (const [status, type, body] of [[403, "text/html", "<p>"], [502, "text/html", "<p>"], [200, "application/json", "{}"], [200, "text/html", "<p>"]]) {
    assert.equal(await explain(answer(status, type, body)), "");
  }
  assert.equal(await explain(async () => { throw new TypeError("Failed to fetch"); }), "");
});
