"""From the story to the Report: what it says, in which words, with which lines as proof."""
