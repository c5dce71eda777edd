/** {@code omniscribe experts}: what the experts of a model do, and models with fewer of them. */
package org.omniscribe.app.cli.experts;
