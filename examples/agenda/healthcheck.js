// Exit code 0 when the server in this container is healthy: for Docker's HEALTHCHECK, in an image without curl.
try {
  const answer = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`, { signal: AbortSignal.timeout(2_500) });
  console.log(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(`no answer: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
