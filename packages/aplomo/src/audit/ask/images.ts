import { bottomImage, inherited, type Stage } from "../read/dockerfile.ts";

/** Whether a program is in an image; undefined: nobody can tell from the files. */
export function hasProgram(stage: Stage | undefined, image: string | undefined, program: string): boolean | undefined {
  const base = stage ? bottomImage(stage) : image;
  if (base === undefined || base === "" || base.includes("$")) return undefined;
  const runs = stage ? inherited(stage).filter((one) => one.name === "RUN" || one.name === "COPY" || one.name === "ADD") : [];
  // Whatever mentions it may have installed it.
  if (runs.some((one) => new RegExp(`\\b${program}\\b`).test(one.body))) return true;
  if (runs.some((one) => /\$\{?\w*(PACKAGES|DEPS|APT|APK)\w*/.test(one.body) || /COPY\s+--from=\S+\s+\/\s+\//.test(one.body)))
    return undefined;
  return inBase(base, program);
}

/** What well-known bases hold: looked up in their Dockerfiles. */
function inBase(image: string, program: string): boolean | undefined {
  const [, name = "", tag = ""] = /(?:^|\/)([\w.-]+)(?::([\w.-]+))?(?:@.*)?$/.exec(image.toLowerCase()) ?? [];
  const isOfficial = !image.includes("/") || /^(docker\.io\/)?library\//.test(image);
  if (/distroless/.test(image) || image === "scratch")
    return program !== "curl" && program !== "wget" && program !== "sh" && program !== "nc"
      ? undefined
      : /debug/.test(tag) && program !== "curl";
  // Cube's own image is made on Debian's slim one of Node and adds none of them.
  if (/(^|\/)cubejs\/cube([:@]|$)/.test(image) && !/alpine/.test(tag)) return /^(curl|wget|nc)$/.test(program) ? false : undefined;
  if (
    !isOfficial ||
    !/^(node|python|ruby|php|golang|rust|openjdk|eclipse-temurin|debian|ubuntu|alpine|nginx|caddy|postgres|redis|mysql|mariadb|busybox)$/.test(
      name,
    )
  )
    return undefined;
  if (!/^(curl|wget|nc)$/.test(program)) return undefined;
  const alpine = name === "alpine" || name === "busybox" || /alpine/.test(tag) || name === "caddy";
  if (alpine) {
    // nginx's Alpine images have curl since 1.25; BusyBox has wget and nc.
    if (program === "curl") return name === "nginx" ? undefined : false;
    return true;
  }
  const slim = /slim/.test(tag) || name === "debian" || name === "ubuntu";
  if (slim) return false;
  if (/^(node|python|ruby|golang|rust)$/.test(name)) return program === "nc" ? undefined : true;
  return undefined;
}
