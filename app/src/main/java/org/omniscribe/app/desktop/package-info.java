/**
 * The desktop window.
 *
 * <p>Each page has a package of its own with a model, which knows no controls and is tested plainly, and a view. Models and
 * views live on the window's thread; what takes longer than a frame runs on the threads of {@link
 * org.omniscribe.app.desktop.base.Threads}. Nothing here but {@link
 * org.omniscribe.app.desktop.DesktopCommand} is loaded by any other command.
 *
 * <p>Uses {@code app} and most of the library. Used by {@code app}, where the program starts.
 */
package org.omniscribe.app.desktop;
