/** Large files fetched from servers and unpacked: resumed after any interruption, checked, and never outside their folder. */
package org.omniscribe.datasets.download;
