"""Apache Solr: what its start script and its XML files say; the heap is Java's."""
