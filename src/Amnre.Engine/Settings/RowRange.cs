using System.Globalization;
using System.Text.Json.Nodes;
using Amnre.Engine.Fields;

namespace Amnre.Engine.Settings;

/// <summary>Rows [First, Last); none where both are equal.</summary>
internal readonly record struct RowRange(int First, int Last)
{
    public static ValueForm<RowRange> Form { get; } = new RowRangeForm();

    public static string? Error(RowRange rows) =>
        rows.First < 0 ? $"observation rows count from 0, not {rows.First}"
        : rows.Last < rows.First ? $"rows {rows.First} to {rows.Last} run backwards: the last must not be below the first"
        : null;

    private sealed class RowRangeForm : ValueForm<RowRange>
    {
        public override (int Min, int Max) Items => (2, 2);

        public override Reading<RowRange> Read(RawValue raw) =>
            raw is RawValue.Sequence { Items: [var first, var last] } && Row(first) is { } from && Row(last) is { } to
                ? Reading<RowRange>.Of(new(from, to))
                : Reading<RowRange>.Wrong(new(null, $"must be two whole numbers [first, last): rows first to last - 1"));

        public override string Text(RowRange value) => $"[{value.First}, {value.Last}]";

        public override JsonObject Schema() => new()
        {
            ["type"] = new JsonArray("array", "null"),
            ["items"] = new JsonObject { ["type"] = "integer" },
            ["minItems"] = 2,
            ["maxItems"] = 2,
        };

        private static int? Row(string text) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var row) ? row : null;
    }
}
