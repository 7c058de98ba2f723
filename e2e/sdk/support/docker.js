import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a command of Docker's prints; fails as the command does. */
export async function docker(...words) {
  const { stdout } = await run("docker", words);
  return stdout.trim();
}

/** Ids of the running containers of the project, or of one of its services. */
export async function containers(service) {
  const filters = ["label=com.docker.compose.project=lightline", service && `label=com.docker.compose.service=${service}`];
  const ids = await docker("ps", "--quiet", "--no-trunc", ...filters.filter(Boolean).flatMap((filter) => ["--filter", filter]));
  return ids.split("\n");
}

/** What Docker knows of a container. */
export async function inspected(id) {
  return JSON.parse(await docker("inspect", id))[0];
}
