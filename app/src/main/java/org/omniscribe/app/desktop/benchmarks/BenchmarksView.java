package org.omniscribe.app.desktop.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.kordamp.ikonli.feather.Feather;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Strings;

/** A report of error rates on the screen. */
public final class BenchmarksView extends VBox {
    private static final double BAR_HEIGHT = 14;

    private final Desk desk;
    private final Label source = new Label();
    private final Label message = new Label();
    private final VBox report = new VBox(18);
    private final VBox empty = new VBox(12);

    /** No report yet. */
    public BenchmarksView(Desk desk) {
        this.desk = desk;
        getStyleClass().add("page");
        Label title = new Label(Strings.get("benchmarks.title"));
        title.getStyleClass().add("page-title");
        source.getStyleClass().add("faint");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button open = Icons.button(Feather.FILE, "benchmarks.open", this::choose);
        open.getStyleClass().add("primary");
        HBox header = new HBox(10, title, source, gap, open);
        header.setAlignment(Pos.CENTER_LEFT);
        header.getStyleClass().add("page-header");
        message.getStyleClass().add("problem-bar");
        message.setWrapText(true);
        message.setMaxWidth(Double.MAX_VALUE);
        message.visibleProperty().bind(message.textProperty().isNotEmpty());
        message.managedProperty().bind(message.visibleProperty());
        Label emptyTitle = new Label(Strings.get("benchmarks.empty"));
        emptyTitle.getStyleClass().add("empty-title");
        Label emptyHint = new Label(Strings.get("benchmarks.empty.hint"));
        emptyHint.getStyleClass().addAll("empty-hint", "code");
        emptyHint.setWrapText(true);
        empty.getChildren().addAll(Icons.of(Feather.BAR_CHART_2, 40), emptyTitle, emptyHint);
        empty.setAlignment(Pos.CENTER);
        empty.getStyleClass().add("empty");
        report.getStyleClass().add("details");
        ScrollPane scroll = new ScrollPane(report);
        scroll.setFitToWidth(true);
        scroll.getStyleClass().add("plain");
        StackPane body = new StackPane(scroll, empty);
        VBox.setVgrow(body, Priority.ALWAYS);
        getChildren().addAll(header, message, body);
        setOnDragOver(event -> {
            if (event.getDragboard().hasFiles()) {
                event.acceptTransferModes(TransferMode.COPY);
            }
            event.consume();
        });
        setOnDragDropped(event -> {
            event.getDragboard().getFiles().stream().findFirst().ifPresent(file -> open(file.toPath()));
            event.setDropCompleted(true);
            event.consume();
        });
    }

    private void choose() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(Strings.get("benchmarks.open"));
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter(Strings.get("format.json"), "*.json"));
        File file = chooser.showOpenDialog(getScene().getWindow());
        if (file != null) {
            open(file.toPath());
        }
    }

    /** Shows a report. */
    public void open(Path file) {
        message.setText("");
        desk.inBackground(() -> EvalReport.read(file), read -> show(file, read), message::setText);
    }

    private void show(Path file, EvalReport read) {
        source.setText(file.getFileName().toString());
        empty.setVisible(false);
        Label normalizer = new Label(Strings.get("benchmarks.normalizer", read.normalizer()));
        normalizer.getStyleClass().add("faint");
        report.getChildren().setAll(normalizer);
        double most = read.systems().stream()
                .flatMap(system -> system.sets().stream())
                .mapToDouble(row -> Double.isNaN(row.high()) ? row.wer() : row.high())
                .filter(rate -> rate > 1)
                .max()
                .orElse(1);
        for (EvalReport.Measured system : read.systems()) {
            Label name = new Label(system.name());
            name.getStyleClass().add("details-title");
            Label decoder = new Label(system.decoder());
            decoder.getStyleClass().add("faint");
            decoder.setWrapText(true);
            report.getChildren().addAll(new VBox(2, name, decoder), table(system, most));
        }
    }

    private static GridPane table(EvalReport.Measured read, double most) {
        GridPane table = new GridPane();
        table.setHgap(20);
        table.setVgap(8);
        table.getStyleClass().add("report");
        ColumnConstraints name = new ColumnConstraints();
        name.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints bar = new ColumnConstraints(120, 320, Double.MAX_VALUE);
        bar.setHgrow(Priority.ALWAYS);
        table.getColumnConstraints().addAll(name, bar);
        for (int i = 0; i < 6; i++) {
            ColumnConstraints figures = new ColumnConstraints();
            figures.setHalignment(HPos.RIGHT);
            figures.setMinWidth(Region.USE_PREF_SIZE);
            table.getColumnConstraints().add(figures);
        }
        String[] heads = {"set", "bar", "wer", "interval", "cer", "words", "utterances", "errors"};
        for (int column = 0; column < heads.length; column++) {
            Label head = new Label(Strings.get("benchmarks." + heads[column]));
            head.getStyleClass().add("faint");
            table.add(head, column, 0);
        }
        int line = 1;
        for (EvalReport.Row row : read.sets()) {
            row(table, line++, row, most, false);
        }
        if (read.sets().size() > 1) {
            row(table, line, read.total(), most, true);
        }
        return table;
    }

    private static void row(GridPane table, int line, EvalReport.Row row, double most, boolean total) {
        Label name = new Label(total ? Strings.get("benchmarks.total") : row.name());
        if (total) {
            name.getStyleClass().add("strong");
        }
        Node[] cells = {
            name,
            new Bar(row, most),
            figure(percent(row.wer())),
            figure(Double.isNaN(row.low()) ? "" : percent(row.low()) + " – " + percent(row.high())),
            figure(percent(row.cer())),
            figure(String.format(Locale.ROOT, "%,d", row.words())),
            figure(String.format(Locale.ROOT, "%,d", row.utterances())),
            figure(String.format(
                    Locale.ROOT, "%,d / %,d / %,d", row.substitutions(), row.deletions(), row.insertions()))
        };
        for (int column = 0; column < cells.length; column++) {
            GridPane.setValignment(cells[column], VPos.CENTER);
            table.add(cells[column], column, line);
        }
    }

    private static Label figure(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("figures");
        return label;
    }

    private static String percent(double rate) {
        return Double.isNaN(rate) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * rate);
    }

    /** A rate as a bar, and its interval as a line across its end. */
    private static final class Bar extends Pane {
        private final EvalReport.Row row;
        private final double most;
        private final Region bar = new Region();
        private final Region interval = new Region();

        Bar(EvalReport.Row row, double most) {
            this.row = row;
            this.most = most;
            bar.getStyleClass().add("report-bar");
            interval.getStyleClass().add("report-interval");
            getStyleClass().add("report-track");
            setMinHeight(BAR_HEIGHT);
            setMaxHeight(BAR_HEIGHT);
            setAccessibleRole(AccessibleRole.TEXT);
            setAccessibleText(percent(row.wer()));
            getChildren().addAll(bar, interval);
        }

        @Override
        protected void layoutChildren() {
            double wer = Double.isNaN(row.wer()) ? 0 : row.wer();
            bar.resizeRelocate(0, 0, wer / most * getWidth(), BAR_HEIGHT);
            if (Double.isNaN(row.low())) {
                interval.resize(0, 0);
            } else {
                double from = row.low() / most * getWidth();
                interval.resizeRelocate(
                        from, BAR_HEIGHT / 2 - 1, Math.max(1, row.high() / most * getWidth() - from), 2);
            }
        }
    }
}
