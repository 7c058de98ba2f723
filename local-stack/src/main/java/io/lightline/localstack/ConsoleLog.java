package io.lightline.localstack;

import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prints the services' output side by side: the name of the service in front of each line, and a colour of its own for each
 * when there is a terminal that wants colours ({@code NO_COLOR} says that it does not).
 */
final class ConsoleLog implements StackLog {

    private static final int[] COLOURS = {36, 32, 33, 35, 34, 31};
    private static final int NAME_WIDTH = 9;

    private final PrintStream out;
    private final boolean coloured;
    private final Map<String, Integer> colours = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    ConsoleLog(PrintStream out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    /** The console of this process. */
    static ConsoleLog ofThisTerminal() {
        var console = System.console();
        boolean coloured = console != null && console.isTerminal() && System.getenv("NO_COLOR") == null;
        return new ConsoleLog(System.out, coloured);
    }

    @Override
    public void line(String service, String text) {
        out.println(prefix(service) + text);
    }

    private String prefix(String service) {
        String name = String.format("%-" + NAME_WIDTH + "s | ", service);
        return coloured ? "\u001b[" + colour(service) + "m" + name + "\u001b[0m" : name;
    }

    private int colour(String service) {
        return colours.computeIfAbsent(service, _ -> COLOURS[next.getAndIncrement() % COLOURS.length]);
    }
}
