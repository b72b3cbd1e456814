using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Checks;

/// <summary>The documents of one file: parts of one study, which share its name, its folder and its limit.</summary>
internal static class StudyParts
{
    /// <param name="top">The document, for the lines to blame.</param>
    /// <param name="part">What it says.</param>
    /// <param name="above">The documents above it.</param>
    public static void Check(Section top, ExperimentFile part, IReadOnlyList<ExperimentFile> above)
    {
        if (above is not [var first, ..]) return;
        if (part.Name != first.Name)
            top.Error("name", $"name '{part.Name}' is not that of the file's first document: all documents of a file are one study, so " +
                $"write 'name: {first.Name}', or make it a file of its own");
        if (part.AtMost is not null && part.AtMost != first.AtMost)
            top.Error("at_most", $"at_most {part.AtMost} is not that of the file's first document: write it there alone, for the whole " +
                "study");
        if (part.Basis is not null && above.Any(one => one.Basis is not null))
            top.Error("basis", "another document of this file builds a basis: make it a file of its own");
        Unique("datasets", one => one.Datasets.Concat(one.Observations).Select(dataset => dataset.Name));
        Unique("models", one => one.Models.Select(model => model.Name));
        Unique("evaluations", one => one.Evaluations.Select(evaluation => evaluation.Name));
        Unique("figures", one => one.Figures.Select(figure => figure.Name));

        void Unique(string kind, Func<ExperimentFile, IEnumerable<string>> names)
        {
            foreach (var name in names(part).Intersect(above.SelectMany(names)))
                top.Error(kind, $"'{name}' is the name of one of the {kind} of a document above: names are unique in a file, so rename it");
        }
    }
}
