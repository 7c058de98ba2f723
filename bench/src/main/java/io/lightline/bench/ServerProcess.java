package io.lightline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A process of this machine as Linux shows it in {@code /proc} (man 5 proc). */
record ServerProcess(long pid) {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int HEXADECIMAL = 16;

    /** Counted from the state, which follows the name in brackets. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    /** USER_HZ, which is 100 on every Linux that a JVM runs on. */
    private static final long TICK_MILLIS = 10;

    private static final long KIBI = 1024;

    /**
     * The one that listens on a TCP port.
     *
     * @throws IllegalStateException when there is none, or it belongs to somebody whose processes we may not look at
     */
    static ServerProcess listeningOn(int port) {
        List<String> sockets = Stream.of("net/tcp", "net/tcp6")
                .flatMap(table -> lines(PROC.resolve(table)).stream().skip(1))
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns[STATE].equals(LISTENING) && port(columns[LOCAL_ADDRESS]) == port)
                .map(columns -> "socket:[" + columns[INODE] + "]")
                .toList();
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> holdsAny(pid, sockets))
                .findFirst()
                .map(ServerProcess::new)
                .orElseThrow(() -> new IllegalStateException("No process of ours listens on port " + port));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), HEXADECIMAL);
    }

    private static boolean holdsAny(long pid, List<String> sockets) {
        try (Stream<Path> open = Files.list(PROC.resolve(pid + "/fd"))) {
            return open.anyMatch(file -> sockets.contains(target(file)));
        } catch (IOException | UncheckedIOException notOurs) {
            return false;
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    /** Files that this process, and with it most likely the others here, may have open. */
    static int openFilesLimit() {
        return lines(PROC.resolve("self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s{2,}", -1)[1])
                .mapToInt(limit -> limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit))
                .findFirst()
                .orElseThrow();
    }

    /** Memory that it has in RAM. */
    long residentBytes() {
        return lines(PROC.resolve(pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBI)
                .findFirst()
                .orElse(0);
    }

    /** Processor time that it has used up to now. */
    Duration cpu() {
        String stat = lines(PROC.resolve(pid + "/stat")).getFirst();
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Duration.ofMillis(
                (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * TICK_MILLIS);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }
}
