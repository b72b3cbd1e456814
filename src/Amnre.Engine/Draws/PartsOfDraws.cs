using Amnre.Engine.Masks;

namespace Amnre.Engine.Draws;

/// <summary>Draws of marginals as parts of joint draws.</summary>
internal static class PartsOfDraws
{
    extension(PosteriorDraws draws)
    {
        /// <summary>The same draws, with those of further masks: parts of the draws of a mask that holds them.</summary>
        /// <param name="asked">Those that there are draws of already, or that no mask holds, are left out.</param>
        public PosteriorDraws WithParts(IReadOnlyList<ParameterMask> asked)
        {
            var all = draws.Masks.ToList();
            foreach (var mask in asked.Where(mask => draws.Masks.All(known => known.Mask != mask)))
            {
                var whole = draws.Masks.FirstOrDefault(known => mask.IsSubsetOf(known.Mask));
                if (whole.Draws is not { } values) continue;
                int[] known = [.. whole.Mask.Indices()], wanted = [.. mask.Indices()];
                int[] places = [.. wanted.Select(one => Array.IndexOf(known, one))];
                var part = new float[draws.Rows.Count * draws.Count * places.Length];
                for (var i = 0; i < part.Length; i++)
                    part[i] = values[i / places.Length * known.Length + places[i % places.Length]];
                all.Add((mask, part));
            }

            return new PosteriorDraws
            {
                Rows = draws.Rows,
                Count = draws.Count,
                Labels = draws.Labels,
                Masks = all,
                Reports = draws.Reports,
                Theta = draws.Theta,
                Observed = draws.Observed,
                Predicted = draws.Predicted,
            };
        }
    }
}
