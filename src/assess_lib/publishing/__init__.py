"""A year made public: pages, documents, numbered editions, and the proof that they are right."""
