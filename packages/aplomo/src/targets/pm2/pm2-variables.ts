/** Variables that PM2 adds by itself; one of them is named like the process. */
export function isPm2s(app: string, name: string): boolean {
  return /^PM2_|^(PWD|OLDPWD|SHLVL|_|unique_id|io)$/.test(name) || name === app || name.startsWith(`${app}@`) || name.startsWith(`${app}-`);
}
