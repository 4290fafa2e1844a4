"""HTML pages of one file: one frame, one style sheet, the axes of charts."""
