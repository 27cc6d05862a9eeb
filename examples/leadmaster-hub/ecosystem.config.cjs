// How PM2 runs the hub where nobody has Aplomo. With it aplomo.yml says the same, and each release gets a file like this one of its own.
module.exports = {
  apps: [
    {
      name: "leadmaster-hub",
      script: "server.js",
      // One: a WhatsApp session belongs to one process.
      instances: 1,
      exec_mode: "fork",
      autorestart: true,
      // Ten starts that did not last ten seconds: a person is needed, not an eleventh.
      max_restarts: 10,
      min_uptime: "10s",
      // Twice what it needs at its busiest; a leak ends here and not in the kernel's choice.
      max_memory_restart: "300M",
      // A change of files is a deploy, not a restart.
      watch: false,
      // More than the 4 s that server.js gives itself: else the drain could never finish.
      kill_timeout: 5000,
      // server.js says `ready` when it listens and its database answers.
      wait_ready: true,
      listen_timeout: 10000,
      error_file: "logs/error.log",
      out_file: "logs/out.log",
      merge_logs: true,
      log_date_format: "YYYY-MM-DDTHH:mm:ss.SSSZ",
    },
  ],
};
