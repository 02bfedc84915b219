/** Stops the test server, if any test started it. */
export default async function tearDown() {
  await globalThis.stopTestServer();
}
