using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Verdicts;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Checks;

/// <summary>Refuses a verdict that could not be measured on the models and the data of its evaluation.</summary>
internal static class VerdictChecks
{
    /// <summary>Whether reference draws tell something of a verdict: draws of all parameters, of rows among its own, that are there before
    /// the evaluation.</summary>
    public static bool Compares(EvaluateSettings settings, EvaluationVerdict verdict, ISimulator simulator) =>
        settings.Reference is not null && settings.First < verdict.Rows
        && EvaluateSettingsErrors.Masks(settings, simulator).Contains(ParameterMask.Full(simulator.ThetaSize));

    public static void Check(
        Section body, EvaluationSection evaluation, ISimulator simulator, DatasetSection? data, IReadOnlyList<ModelSection> models)
    {
        var asked = evaluation.Verdict;
        body.Errors(VerdictErrors.Of(asked, evaluation.VerdictCompares));
        if (!asked.IsAsked) return;
        var field = asked.Verdict ? "verdict" : "require";
        if (evaluation.Settings.Given is not null)
            body.Error(field, $"{field} judges posteriors of the observation alone, and given adds " +
                $"{string.Join(", ", evaluation.Settings.Given.Keys)}: leave given or {field} out");
        CheckData(body, field, simulator, data, models);
        var full = ParameterMask.Full(simulator.ThetaSize);
        if (EvaluationChecks.ModelWithout(models, full) is { } partial)
            body.Error(field, $"{field} takes draws of all parameters together, which model '{partial.Name}' does not know: train it for " +
                $"mask {full} too, or name other models");
        CheckNested(body, asked, simulator, models);
    }

    private static void CheckData(
        Section body, string field, ISimulator simulator, DatasetSection? data, IReadOnlyList<ModelSection> models)
    {
        if (data is null) return;
        if (!data.HasTheta)
        {
            body.Error(field, $"{field} compares with true parameters, and observation '{data.Name}' has none: judge the models on a " +
                "dataset, and the observation with 'amnre verdict --observation'");
            return;
        }

        if (data.Settings.Events)
        {
            if (simulator is IReferenceEvents events && EvaluationChecks.LackParameters(events))
                body.Error(field, $"{field} compares with true parameters, and those of the events of dataset '{data.Name}' are not " +
                    "known: judge the models on simulated rows");
        }

        // What a file holds is known after its import.
        if (data is { Import: null, Settings.Rows: < VerdictRows.Least })
            body.Error(field, $"dataset '{data.Name}' has {data.Settings.Rows} rows, and a verdict takes {VerdictRows.Least} or more: " +
                "draw more rows");
        if (models.FirstOrDefault(model => model.Samples == data.Name) is { } trained)
            body.Error(field, $"model '{trained.Name}' is trained on dataset '{data.Name}', so {field} would judge it by rows that it " +
                "knows: name a dataset of another seed");
    }

    /// <summary>Nested marginals are compared with the joint: of a model without any there is nothing to compare.</summary>
    private static void CheckNested(Section body, EvaluationVerdict asked, ISimulator simulator, IReadOnlyList<ModelSection> models)
    {
        var nested = asked.Require.Intersect([VerdictCheck.Consistency, VerdictCheck.Total]).ToList();
        if (nested.Count == 0) return;
        var size = simulator.ThetaSize;
        if (size == 1 && nested.Contains(VerdictCheck.Consistency))
            body.Error("require", $"require 'consistency' compares nested marginals, and {simulator.Name} has one parameter: leave it out");
        if (size > 1 && models.FirstOrDefault(model => !Enumerable.Range(0, size)
                .Any(i => EvaluationChecks.Covers(model.Settings, new ParameterMask(1u << i, size)))) is { } lone)
            body.Error("require", $"require '{string.Join(", ", nested.Select(Amnre.Engine.EnumName.Of))}' takes marginals of single " +
                $"parameters, which model '{lone.Name}' does not know: train an AMNRE (arbitrary: true), or leave it out");
    }
}
