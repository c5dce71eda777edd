package org.omniscribe.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** All commands with all their options as one page of Markdown. */
final class CommandReference {
    private static final String HEAD =
            """
            # Commands

            This page is what `omniscribe help COMMAND` says, all in one. It is made from the program:

                mvn test -pl app -am -Dtest=CommandReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Domniscribe.reference=write

            writes it anew after a change, and the build fails where it is stale.

            """;

    private final CommandLine root;
    private final Set<String> common;
    private final StringBuilder text = new StringBuilder();

    CommandReference(CommandLine root) {
        this.root = root;
        this.common = root.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .collect(Collectors.toSet());
    }

    String markdown() {
        text.append(HEAD);
        contents();
        text.append("## All commands\n\n").append("| option of every command | meaning |\n|---|---|\n");
        root.getCommandSpec().options().forEach(this::row);
        text.append("\n| exit code | meaning |\n|---|---|\n");
        root.getCommandSpec().usageMessage().exitCodeList().forEach((code, meaning) -> text.append("| ")
                .append(code)
                .append(" | ")
                .append(cell(meaning))
                .append(" |\n"));
        children(root).forEach(this::command);
        return text.toString();
    }

    /**
     * Subcommands, each once even if it has other names. Those of the program are in their own order; others by name, as
     * commands that are methods come in none.
     */
    private List<CommandLine> children(CommandLine parent) {
        List<CommandLine> children =
                new ArrayList<>(new LinkedHashSet<>(parent.getSubcommands().values()));
        if (parent != root) {
            children.sort(Comparator.comparing(CommandLine::getCommandName));
        }
        return children;
    }

    private void contents() {
        text.append("| command | |\n|---|---|\n");
        children(root).forEach(this::entry);
        text.append('\n');
    }

    private void entry(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        List<CommandLine> below = children(command);
        if (below.isEmpty()) {
            String anchor = spec.qualifiedName().replace(' ', '-');
            text.append("| [`" + spec.qualifiedName() + "`](#" + anchor + ") | "
                    + cell(paragraphs(spec.usageMessage().description()).get(0)) + " |\n");
        }
        below.forEach(this::entry);
    }

    private void command(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        text.append("\n## ").append(spec.qualifiedName()).append("\n\n");
        String synopsis = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).abbreviatedSynopsis();
        text.append("    ").append(synopsis.strip()).append("\n");
        for (String paragraph : paragraphs(spec.usageMessage().description())) {
            text.append('\n').append(escaped(paragraph)).append('\n');
        }
        List<ArgSpec> arguments = new ArrayList<>();
        spec.positionalParameters().stream().filter(p -> !p.hidden()).forEach(arguments::add);
        spec.options().stream()
                .filter(option -> !option.hidden() && !common.contains(option.longestName()))
                .forEach(arguments::add);
        if (!arguments.isEmpty()) {
            text.append("\n| argument | meaning |\n|---|---|\n");
            arguments.forEach(this::row);
        }
        List<String> footer = Arrays.asList(spec.usageMessage().footer());
        if (!footer.isEmpty()) {
            text.append("\nFor example:\n\n");
            footer.forEach(line ->
                    text.append(("  " + String.format(line)).stripTrailing()).append('\n'));
        }
        children(command).forEach(this::command);
    }

    private void row(ArgSpec argument) {
        String label =
                argument instanceof OptionSpec option ? names(option) : ((PositionalParamSpec) argument).paramLabel();
        String required = argument.required() && argument instanceof OptionSpec ? "Required. " : "";
        text.append("| `")
                .append(label.replace("|", "\\|"))
                .append("` | ")
                .append(required)
                .append(cell(String.join(" ", argument.description())))
                .append(" |\n");
    }

    private static String names(OptionSpec option) {
        String names = Arrays.stream(option.names())
                .sorted((a, b) -> a.length() - b.length())
                .collect(Collectors.joining(", "));
        if (option.negatable()) {
            names = names.replace("--", "--[no-]");
        }
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    /** Lines of a description, joined up to each empty one. */
    private static List<String> paragraphs(String[] lines) {
        List<String> paragraphs = new ArrayList<>(List.of(""));
        for (String line : lines) {
            int last = paragraphs.size() - 1;
            if (line.isBlank()) {
                paragraphs.add("");
            } else {
                paragraphs.set(last, (paragraphs.get(last) + " " + String.format(line)).strip());
            }
        }
        paragraphs.removeIf(String::isEmpty);
        return paragraphs;
    }

    private static String cell(String words) {
        return escaped(words).replace("|", "\\|");
    }

    private static String escaped(String words) {
        return words.replace("*", "\\*").replace("<", "&lt;").replace("\n", " ");
    }
}
