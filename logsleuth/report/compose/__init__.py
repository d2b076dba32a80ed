"""From the story to the Report: what is told, in which words, with which lines as proof."""
