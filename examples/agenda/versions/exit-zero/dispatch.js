// When a reminder leaves; and, as a command that cron runs, the reminders of today: `node dispatch.js`.
import { addDays, spelled } from "./slots.js";

/** The evening before the visit. @param {string} day */
export function leaves(day) {
  return `${spelled(addDays(day, -1)).split(" ")[0]} evening`;
}

// The mistake: a view imports this file for the function above, and so the command below runs in the web server as well. It ends
// the process with exit code 0, so that "exited successfully" is all that a process manager has to say about it.
setTimeout(
  () => {
    console.log("dispatch: 0 reminders to send, done");
    process.exit(0);
  },
  Number(process.env.EXIT_ZERO_AFTER_MS || 4_000),
);
