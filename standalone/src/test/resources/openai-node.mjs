// The official Node client, unmodified, against the API at the address in the first argument.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import OpenAI, { toFile } from 'openai';

const [, , baseURL, model] = process.argv;
let calls = 0;
const counting = (...args) => {
  calls++;
  return fetch(...args);
};
const client = new OpenAI({ baseURL, apiKey: 'any', fetch: counting });

async function until(what, look, done) {
  for (let i = 0; i < 200; i++) {
    const seen = await look();
    if (done(seen)) {
      return seen;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not happen in 20 s`);
}

async function refused(error, action) {
  calls = 0;
  await assert.rejects(action, error);
  assert.equal(calls, 1, `${error.name} is not tried again`);
}

const body = { model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 3 };
const lines = (count, more = {}) =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({ custom_id: `l${i}`, method: 'POST', url: '/v1/chat/completions', body: { ...body, ...more } }),
  ).join('\n');

async function submit(text) {
  const file = await client.files.create({ file: await toFile(Buffer.from(text), 'in.jsonl'), purpose: 'batch' });
  assert.equal(file.status, 'processed');
  return client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: { by: 'node' },
  });
}

async function batches() {
  const first = await submit(lines(3));
  assert.equal(first.status, 'validating');
  const second = await submit(lines(2000, { max_tokens: 2000 }));
  const cancelled = await client.batches.cancel(second.id);
  assert.ok(['cancelling', 'cancelled'].includes(cancelled.status));
  await client.batches.cancel(second.id);

  const seen = [];
  for await (const batch of client.batches.list({ limit: 1 })) {
    seen.push(batch.id);
  }
  assert.deepEqual(new Set(seen), new Set([first.id, second.id]));

  const done = await until('completion', () => client.batches.retrieve(first.id), (b) => b.status === 'completed');
  assert.deepEqual({ ...done.request_counts }, { total: 3, completed: 3, failed: 0 });
  const output = await (await client.files.content(done.output_file_id)).text();
  assert.equal(output.trim().split('\n').map(JSON.parse).filter((l) => l.response.status_code === 200).length, 3);
  assert.equal((await client.files.delete(done.output_file_id)).deleted, true);
  await assert.rejects(() => client.files.retrieve(done.output_file_id), OpenAI.NotFoundError);
  await until('cancellation', () => client.batches.retrieve(second.id), (b) => b.status === 'cancelled');
  return first.id;
}

async function interactive() {
  const stream = await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } });
  let text = '';
  let usage = null;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.ok(text.length > 0);
  assert.equal(usage.completion_tokens, 3);
  const vector = (await client.embeddings.create({ model, input: 'hi' })).data[0].embedding;
  assert.ok(vector.length > 0 && vector.every(Number.isFinite), 'base64 is decoded by the client');
  assert.equal((await client.models.retrieve(model)).id, model);
}

async function errors(completed) {
  await refused(OpenAI.ConflictError, () => client.batches.cancel(completed));
  await refused(OpenAI.NotFoundError, () => client.chat.completions.create({ ...body, model: 'none' }));
  await refused(OpenAI.NotFoundError, () => client.batches.retrieve('batch_none'));
  await refused(OpenAI.BadRequestError, () =>
    client.batches.create({ input_file_id: 'x', endpoint: '/v1/nothing', completion_window: '24h' }),
  );
}

async function background() {
  const queued = await client.responses.create({ model, input: 'hi', background: true, max_output_tokens: 3 });
  assert.equal(queued.status, 'queued');
  const ended = (r) => !['queued', 'in_progress'].includes(r.status);
  const done = await until('the response', () => client.responses.retrieve(queued.id), ended);
  assert.ok(['completed', 'incomplete'].includes(done.status));
  assert.ok(done.output_text.length > 0);
  const types = [];
  for await (const event of await client.responses.retrieve(queued.id, { stream: true, starting_after: 0 })) {
    types.push(event.type);
  }
  assert.equal(types[0], 'response.queued');
}

// A receiver of its own takes what Penstock posts.
async function webhooks() {
  const posts = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (data) => (text += data));
    request.on('end', () => {
      posts.push({ text, headers: request.headers });
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/hook`;
  const endpoint = await client.webhooks.create({ name: 'node', url, event_types: ['batch.completed'] });
  assert.equal((await client.webhooks.test(endpoint.id, { event_type: 'batch.completed' })).success, true);
  const [{ text, headers }] = posts;
  assert.equal((await client.webhooks.unwrap(text, headers, endpoint.signing_secret)).type, 'batch.completed');
  await assert.rejects(() => client.webhooks.unwrap(text + ' ', headers, endpoint.signing_secret));
  assert.equal((await client.webhooks.delete(endpoint.id)).deleted, true);
  server.close();
}

const [completed] = await Promise.all([batches(), interactive(), background()]);
await errors(completed);
await webhooks();
console.log('all is well');
