package org.omniscribe.app.desktop.base;

import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/** What the window has to tell that belongs to no single place in it; shown above the page until it is put away. */
public final class Notices {
    /** How grave it is. */
    public enum Kind {
        INFORMATION,
        WARNING,
        FAILURE
    }

    /**
     * Something to tell.
     *
     * @param kind how grave
     * @param text what, in one or two sentences
     * @param action what can be done about it, if anything
     */
    public record Notice(Kind kind, String text, Optional<Action> action) {}

    /**
     * Something that can be done.
     *
     * @param name what its button says
     * @param task what the button does
     */
    public record Action(String name, Runnable task) {}

    private static final int MAX_NOTICES = 4;

    private final ObservableList<Notice> notices = FXCollections.observableArrayList();
    private final ObservableList<Notice> shown = FXCollections.unmodifiableObservableList(notices);

    /** Those that are shown, the oldest first; to be watched and not to be changed. */
    public ObservableList<Notice> all() {
        return shown;
    }

    /** Tells something; the same is told once. Beyond {@value #MAX_NOTICES}, the oldest goes. */
    public void tell(Kind kind, String text) {
        tell(new Notice(kind, text, Optional.empty()));
    }

    /** Tells something that can be acted upon. */
    public void tell(Kind kind, String text, String actionName, Runnable action) {
        tell(new Notice(kind, text, Optional.of(new Action(actionName, action))));
    }

    private void tell(Notice notice) {
        notices.removeIf(n -> n.text().equals(notice.text()));
        notices.add(notice);
        if (notices.size() > MAX_NOTICES) {
            notices.remove(0);
        }
    }

    /** Puts one away. */
    public void dismiss(Notice notice) {
        notices.remove(notice);
    }
}
