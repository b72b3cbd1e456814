using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Figures;

/// <summary>The tables of evaluations of one method, all repetitions together.</summary>
internal sealed class EvaluationSeries
{
    private readonly List<(string Index, ParameterMask Mask, string Column, double Value)> _values = [];

    private EvaluationSeries(string name) => Name = name;

    public string Name { get; }

    /// <summary>In the order of the tables.</summary>
    public List<ParameterMask> Masks { get; } = [];

    /// <param name="name">The method, for its legend.</param>
    /// <param name="columns">Those that are kept, where a table has them.</param>
    public static EvaluationSeries Read(string name, IReadOnlyList<string> paths, ISimulator simulator, IReadOnlyList<string> columns)
    {
        var series = new EvaluationSeries(name);
        foreach (var path in paths)
        {
            var table = CsvTable.Read(path);
            var (indices, masks) = (table.Texts("index"),
                table.Texts("mask").Select(text => MaskLabel.Parse(text, simulator, path)).ToList());
            foreach (var mask in masks)
                if (!series.Masks.Contains(mask)) series.Masks.Add(mask);
            foreach (var column in columns)
            {
                if (!table.Has(column)) continue;
                var values = table.Numbers(column);
                for (var row = 0; row < values.Count; row++)
                    if (double.IsFinite(values[row])) series._values.Add((indices[row], masks[row], column, values[row]));
            }
        }

        return series;
    }

    /// <summary>The observations that have a number in a column.</summary>
    public HashSet<string> Observations(ParameterMask mask, string column) =>
        [.. _values.Where(value => value.Mask == mask && value.Column == column).Select(value => value.Index)];

    /// <summary>The numbers of these observations.</summary>
    public List<double> Values(ParameterMask mask, string column, HashSet<string> observations) =>
        [.. _values.Where(value => value.Mask == mask && value.Column == column && observations.Contains(value.Index))
            .Select(value => value.Value)];
}
