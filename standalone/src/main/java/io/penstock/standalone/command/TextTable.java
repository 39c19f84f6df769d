package io.penstock.standalone.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Rows in columns as wide as their widest cell; the last column is not filled up.
final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... titles) {
        rows.add(List.of(titles));
    }

    TextTable row(Object... cells) {
        rows.add(List.of(cells).stream().map(String::valueOf).toList());
        return this;
    }

    @Override
    public String toString() {
        return rows.stream().map(this::line).collect(Collectors.joining("\n"));
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            int of = column;
            int width =
                    rows.stream().mapToInt(each -> each.get(of).length()).max().orElse(0);
            String cell = row.get(column);
            boolean last = column == row.size() - 1;
            line.append(cell).append(last ? "" : " ".repeat(width - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
