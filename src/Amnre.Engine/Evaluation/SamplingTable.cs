using System.Globalization;
using System.Text;
using Amnre.Engine.Masks;
using Amnre.Engine.Sampling;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Evaluation;

/// <summary>How marginals were sampled, as <c>index,mask,way,samples,effective_size,acceptance,parameters</c>.</summary>
internal static class SamplingTable
{
    public static void Write(
        string path, IEnumerable<(int Index, ParameterMask Mask, SamplingReport Report)> rows, IReadOnlyList<string> labels)
    {
        var text = new StringBuilder("index,mask,way,samples,effective_size,acceptance,parameters\n");
        foreach (var (index, mask, report) in rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{index},{mask},{report.Way},{report.Samples},{report.EffectiveSize:R},{report.Acceptance:R},");
            text.Append(CsvCell.Of(labels, mask)).Append('\n');
        }

        AtomicFile.WriteText(path, text.ToString());
    }
}
